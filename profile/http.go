package profile

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/framealloc/framealloc"
)

// Handler serves allocation profiles that are recorded on request, in the manner
// of package net/http/pprof:
//
//	mux.Handle("/debug/framealloc/profile", profile.Handler(alloc))
//
//	go tool pprof 'http://localhost:6060/debug/framealloc/profile?seconds=10'
//
// A request may say seconds, how long to record (default 10, at most 600), rate,
// the mean number of bytes between samples (see [Config]), and debug=1 for text. It
// costs nothing while there is no request. As with all profiles, do not serve it to
// everyone: it shows how the program is made, and a low rate slows it down.
//
// A [Profile] is an http.Handler itself, for one that runs all the time.
func Handler(a *framealloc.Allocator) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seconds, ok := number(w, r, "seconds", 10, maxSeconds)
		if !ok {
			return
		}
		rate, ok := number(w, r, "rate", DefaultRate, 1<<30)
		if !ok {
			return
		}
		p := Start(a, Config{Rate: rate})
		defer p.Stop()
		if !wait(r, seconds) {
			return
		}
		p.Stop()
		serve(w, r, p.snapshot())
	})
}

const maxSeconds = 600

// ServeHTTP serves the profile so far. A request may say seconds, to get what is
// allocated during so many from now on, and debug=1 for text.
func (p *Profile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seconds, ok := number(w, r, "seconds", 0, maxSeconds)
	if !ok {
		return
	}
	old := p.snapshot()
	if seconds == 0 {
		serve(w, r, old)
		return
	}
	if !wait(r, seconds) {
		return
	}
	s := p.snapshot()
	s.since(old)
	serve(w, r, s)
}

// number reads a parameter of a request, and answers a request whose parameter is
// none.
func number(w http.ResponseWriter, r *http.Request, name string, otherwise, most int) (n int, ok bool) {
	text := r.FormValue(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		http.Error(w, fmt.Sprintf("%s is %q, want a number from 1 to %d", name, text, most), http.StatusBadRequest)
		return 0, false
	}
	return n, true
}

// wait reports whether the client is still there after so many seconds.
func wait(r *http.Request, seconds int) bool {
	t := time.NewTimer(time.Duration(seconds) * time.Second)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func serve(w http.ResponseWriter, r *http.Request, s *snapshot) {
	var body bytes.Buffer
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.FormValue("debug") != "" && r.FormValue("debug") != "0" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_ = s.writeText(&body) // a buffer does not fail
	} else {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", `attachment; filename="framealloc.pb.gz"`)
		_, _ = s.WriteTo(&body)
	}
	_, _ = w.Write(body.Bytes()) // the client may have left
}
