package framealloc

// Reserve gets frame memory ahead for n values of type T in each of the frames
// of src's worker, so that not even a record frame grows: at start-up, or while a
// level loads. Values with pointers have room of their own for each type; what is
// reserved for types without pointers adds up. Everything beyond what is reserved
// still grows as needed.
//
// It belongs to the worker's goroutine and has no effect on a frame that is
// active or in flight. It panics with FA003 when n is negative or no memory is
// that large.
func Reserve[T any](src Source, n int) {
	w := src.worker()
	if err := checkLength[T](w.slots[0], n, n); err != nil {
		panic(err)
	}
	for _, f := range w.slots {
		f.mem.Reserve((*T)(nil), n)
	}
	w.published.capacity.Store(int64(w.capacity()))
}
