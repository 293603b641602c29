package diag_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// FuzzReporter drives a reporter and the plainest model of it through the same
// steps: each byte is a report of one of twelve diagnostics, a pause, or a
// flush.
func FuzzReporter(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 2, 14, 0, 15, 0})
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15})
	f.Fuzz(func(t *testing.T, steps []byte) {
		synctest.Test(t, func(t *testing.T) {
			const perSecond, repeatAfter = 3, 4 * time.Second
			var l list
			r := diag.NewReporter(diag.Options{
				Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, PerSecond: perSecond, RepeatAfter: repeatAfter,
			})

			type known struct {
				suppressed uint64
				passed     time.Time
			}
			type second struct {
				begin time.Time
				n     int
			}
			seen := make(map[string]*known)
			seconds := make(map[diag.Severity]*second)
			codes := [...]diag.Code{diag.FA602, diag.FA502, diag.FA606} // one of each severity
			var want []string

			for _, step := range steps {
				switch step %= 16; step {
				case 12:
					time.Sleep(300 * time.Millisecond)
				case 13:
					time.Sleep(time.Second)
				case 14:
					time.Sleep(repeatAfter)
				case 15:
					l.got = nil
					want = nil
					r.Flush()
					flushed := make(map[string]uint64)
					for _, d := range l.got {
						flushed[string(d.Code)+d.Caller] = d.Suppressed
					}
					for key, k := range seen {
						if flushed[key] != k.suppressed {
							t.Fatalf("flushed %d of %s, want %d", flushed[key], key, k.suppressed)
						}
						delete(flushed, key)
						k.suppressed = 0
					}
					if len(flushed) != 0 {
						t.Fatalf("flushed what was not kept back: %v", flushed)
					}
					l.got = nil
				default:
					code, caller := codes[step%3], fmt.Sprint("a.go:", step/3)
					severity := diag.Severity(step%3) + diag.SeverityHint
					r.Report(at(code, caller, ""))

					key := string(code) + caller
					k, s, now := seen[key], seconds[severity], time.Now()
					if k == nil {
						k = new(known)
						seen[key] = k
					}
					if !k.passed.IsZero() && now.Sub(k.passed) < repeatAfter {
						k.suppressed++
						break
					}
					if s == nil || now.Sub(s.begin) >= time.Second {
						s = &second{begin: now}
						seconds[severity] = s
					}
					if s.n == perSecond {
						k.suppressed++
						break
					}
					s.n++
					want = append(want, fmt.Sprint(key, " ", k.suppressed))
					k.suppressed, k.passed = 0, now
				}
			}
			var got []string
			for _, d := range l.got {
				got = append(got, fmt.Sprint(string(d.Code)+d.Caller, " ", d.Suppressed))
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("passed on %v,\nwant %v", got, want)
			}
		})
	})
}
