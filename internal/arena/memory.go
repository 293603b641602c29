//go:build !wasm

package arena

// memory is the most that one request may ask for: more than any machine has, and
// less than what the runtime panics about or the system's address space ends at.
const memory = 1 << 40
