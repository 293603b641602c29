package profile

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/framealloc/framealloc"
)

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w
}

func TestHandlerRecordsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := framealloc.NewAllocator(framealloc.Config{})
		defer a.Close()
		h := Handler(a)
		done := make(chan *httptest.ResponseRecorder)
		go func() { done <- get(h, "/?seconds=5&rate=1") }()
		synctest.Wait() // until it records
		f := a.BeginFrame()
		spawn(a, f, 4)
		w := <-done
		a.EndFrame()
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/octet-stream" {
			t.Fatalf("status %d, headers %v", w.Code, w.Header())
		}
		name := filepath.Join(t.TempDir(), "got.pb.gz")
		if err := os.WriteFile(name, w.Body.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if top := goTool(t, "-top", "-sample_index=inuse_objects", "-tagfocus=intent=frame", name); !strings.Contains(top, "profile.spawn") {
			t.Errorf("spawn is not in\n%s", top)
		}
		a.Frame(func(f *framealloc.Frame) {})
	})
}

func TestHandlerStopsWhenTheClientLeaves(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	Handler(a).ServeHTTP(w, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
	if w.Body.Len() != 0 {
		t.Errorf("%d bytes for nobody", w.Body.Len())
	}
}

func TestHandlerRefusesNonsense(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	p := Start(a, Config{})
	defer p.Stop()
	for _, target := range []string{"/?seconds=0", "/?seconds=-1", "/?seconds=ten", "/?seconds=601"} {
		for _, h := range []http.Handler{Handler(a), p} {
			if w := get(h, target); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "want a number from 1 to 600") {
				t.Errorf("%s: status %d, %q", target, w.Code, w.Body)
			}
		}
	}
	if w := get(Handler(a), "/?rate=0"); w.Code != http.StatusBadRequest {
		t.Errorf("rate 0: status %d", w.Code)
	}
}

func TestProfileServesItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := framealloc.NewAllocator(framealloc.Config{})
		defer a.Close()
		p := Start(a, Config{Rate: 1})
		defer p.Stop()
		a.Frame(func(f *framealloc.Frame) { framealloc.New[[3]uint64](f) })
		if w := get(p, "/?debug=1"); !strings.Contains(w.Body.String(), "1 objects, 24 bytes allocated; 0 objects, 0 bytes in use\nframe [3]uint64, worker main") {
			t.Errorf("text %q", w.Body)
		}
		if w := get(p, "/"); !bytes.HasPrefix(w.Body.Bytes(), []byte{0x1f, 0x8b}) {
			t.Error("the profile is not compressed")
		}
		done := make(chan *httptest.ResponseRecorder)
		go func() { done <- get(p, "/?seconds=1&debug=1") }()
		synctest.Wait()
		a.Frame(func(f *framealloc.Frame) { framealloc.New[[5]uint64](f) })
		if text := (<-done).Body.String(); !strings.Contains(text, "40 bytes") || strings.Contains(text, "24 bytes") {
			t.Errorf("since the request: %q", text)
		}
	})
}
