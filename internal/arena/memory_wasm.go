package arena

// memory is the most that one request may ask for: see memory.go. Addresses are
// of 32 bits there, though an int has 64.
const memory = 1<<31 - 64
