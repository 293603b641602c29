package browser

import (
	"bytes"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<body style="margin:0;background:#f00"><script>
			window.n = 0; window.keys = []; addEventListener("keydown", e => keys.push(e.code)); addEventListener("keyup", e => keys.push("-" + e.code)); setInterval(() => n++, 5); setTimeout(() => { throw new Error("on purpose"); });
		</script>`))
	}))
	defer server.Close()
	p := Open(t, server.URL, time.Minute)
	var n int
	p.Wait("n > 5 && n", &n)
	if n <= 5 {
		t.Errorf("n is %d", n)
	}
	var keys []string
	p.Press("KeyM", "keys.length == 1 && keys", &keys)
	p.Wait("keys.length == 2 && keys", &keys)
	if !slices.Equal(keys, []string{"KeyM", "-KeyM"}) {
		t.Errorf("keys: %q", keys)
	}
	img, err := png.Decode(bytes.NewReader(p.Screenshot()))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(100, 100).RGBA(); r != 0xffff || g != 0 || b != 0 {
		t.Errorf("the page is %x, %x, %x, want red", r, g, b)
	}
	if got := p.Errors(); len(got) != 1 || !strings.Contains(got[0], "on purpose") {
		t.Errorf("errors: %q", got)
	}
}
