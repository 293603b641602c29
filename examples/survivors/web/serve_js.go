package web

import "errors"

// Serve is not for browsers.
func Serve(string, func(string)) error { return errors.New("a browser cannot serve") }
