package diag

import "slices"

// SetStrict sets the level of strict mode until further notice. Scopes begun by
// [Reporter.Strict] keep theirs until they end. StrictFromEnv reads
// FRAMEALLOC_STRICT again; a wrong value counts as off and is passed to the
// sinks as a warning.
func (r *Reporter) SetStrict(level StrictLevel) {
	r = r.self()
	level = r.resolve(level)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.base = level
	r.enforce()
}

// Strict sets the level of strict mode for a while. The returned function ends
// that:
//
//	defer reporter.Strict(diag.StrictErrors)()
//
// The level holds for every goroutine that reports here. Of several scopes the
// one begun last holds, in whatever order they end; ending one twice does
// nothing.
func (r *Reporter) Strict(level StrictLevel) (end func()) {
	r = r.self()
	scope := new(StrictLevel)
	*scope = r.resolve(level)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scopes = append(r.scopes, scope)
	r.enforce()
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.scopes = slices.DeleteFunc(r.scopes, func(s *StrictLevel) bool { return s == scope })
		r.enforce()
	}
}

// WithStrict calls f with the level of strict mode set as by [Reporter.Strict].
func (r *Reporter) WithStrict(level StrictLevel, f func()) {
	defer r.Strict(level)()
	f()
}

// StrictLevel returns the level in force: off, errors or warnings.
func (r *Reporter) StrictLevel() StrictLevel {
	return StrictLevel(r.self().strict.Load())
}

// enforce puts the level in force that scopes and base give. r.mu is held.
func (r *Reporter) enforce() {
	level := r.base
	if n := len(r.scopes); n > 0 {
		level = *r.scopes[n-1]
	}
	r.strict.Store(uint32(level))
}

// resolve asks the environment if the level says so.
func (r *Reporter) resolve(level StrictLevel) StrictLevel {
	if level != StrictFromEnv {
		return level
	}
	level, wrong, ok := strictFromEnv()
	if !ok {
		r.pass(wrong)
	}
	return level
}

// stop is what strict mode does.
func (r *Reporter) stop(e *Error) {
	if r.onStrict != nil {
		r.onStrict(e)
		return
	}
	panic(e)
}
