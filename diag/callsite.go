package diag

// CallerPC returns the program counter of the innermost call on the calling
// goroutine's stack that lies outside the library, for [Diagnostic.PC].
func CallerPC() uintptr { return 0 }
