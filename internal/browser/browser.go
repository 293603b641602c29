// Package browser lets tests look at a page in a real browser: Chromium without a
// window (its pages are 1280 by 720 pixels), told what to do through a pipe, in the DevTools protocol.
package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A Page is a page in a browser of its own. Its methods wait for the browser, and
// fail the test when it does not answer; they are for the test's goroutine.
type Page struct {
	tb      testing.TB
	ctx     context.Context
	out     io.Writer
	in      *bufio.Reader
	last    int
	session string
	errors  []string
}

// flags make Chromium run as root, draw with WebGL in software, and leave the
// network alone.
var flags = []string{
	"--headless", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check",
	"--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--mute-audio", "--hide-scrollbars",
	"--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--disable-dev-shm-usage",
}

// programs are the names that Chromium goes by.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Open starts a browser for the time of the test and opens a page. The test fails
// where no browser is installed, and after the given time in all.
func Open(tb testing.TB, url string, atMost time.Duration) *Page {
	tb.Helper()
	var program string
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		tb.Fatal("no Chromium: install it (apt-get install chromium), or run test.sh, which does so")
	}
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	tb.Cleanup(cancel)

	toBrowser, out, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	in, fromBrowser, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	// The browser goes on writing to its profile while it ends: not a TempDir
	// of the test, which would fail to go.
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		tb.Fatal(err)
	}
	c := exec.CommandContext(ctx, program, append(flags, "--user-data-dir="+profile)...)
	c.ExtraFiles = []*os.File{toBrowser, fromBrowser} // 3 and 4, as the flag has it
	var said strings.Builder
	c.Stderr = &said
	c.WaitDelay = 10 * time.Second
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	toBrowser.Close()
	fromBrowser.Close()
	p := &Page{tb: tb, ctx: ctx, out: out, in: bufio.NewReader(in)}
	tb.Cleanup(func() {
		_ = p.send("", "Browser.close", nil)
		out.Close()
		_ = c.Wait()
		in.Close()
		_ = os.RemoveAll(profile)
		if tb.Failed() {
			tb.Logf("the browser said:\n%s", tail(said.String(), 3000))
		}
	})
	_ = in.SetReadDeadline(time.Now().Add(atMost))

	var target struct {
		TargetID string `json:"targetId"`
	}
	p.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	p.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	p.session = attached.SessionID
	p.call(p.session, "Emulation.setDeviceMetricsOverride", map[string]any{"width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": false}, nil)
	p.call(p.session, "Runtime.enable", nil, nil)
	p.Open(url)
	return p
}

// Open opens another page in place of this one.
func (p *Page) Open(url string) {
	p.tb.Helper()
	p.call(p.session, "Page.navigate", map[string]any{"url": url}, nil)
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// Wait evaluates a JavaScript expression each time the page draws, until it is
// true or the like, and stores its value in result.
func (p *Page) Wait(expression string, result any) {
	p.tb.Helper()
	p.evaluate(`new Promise(done => {
		const look = () => {
			let value;
			try { value = (`+expression+`); } catch (e) { }
			if (value) done(value); else setTimeout(look, 50);
		};
		look();
	})`, result)
}

// evaluate evaluates an expression, and awaits it if it is a promise.
func (p *Page) evaluate(expression string, result any) {
	p.tb.Helper()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception json.RawMessage `json:"exceptionDetails"`
	}
	p.call(p.session, "Runtime.evaluate", map[string]any{
		"expression": expression, "awaitPromise": true, "returnByValue": true,
	}, &answer)
	if answer.Exception != nil {
		p.tb.Fatalf("%s: %s", expression, answer.Exception)
	}
	if err := json.Unmarshal(answer.Result.Value, result); err != nil {
		p.tb.Fatalf("%s: %v in %s", expression, err, answer.Result.Value)
	}
}

// Press presses a key until an expression is true or the like, as one who plays
// does, and stores its value in result: however slowly the page draws, it sees the
// key. code is where it is on the keyboard: "KeyM", "Enter", "F3".
func (p *Page) Press(code, until string, result any) {
	p.tb.Helper()
	key := strings.TrimPrefix(code, "Key")
	p.call(p.session, "Input.dispatchKeyEvent", map[string]any{"type": "rawKeyDown", "code": code, "key": key}, nil)
	p.Wait(until, result)
	p.call(p.session, "Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "code": code, "key": key}, nil)
}

// Screenshot returns a picture of the page, as a PNG file.
func (p *Page) Screenshot() []byte {
	p.tb.Helper()
	var answer struct {
		Data []byte `json:"data"` // base64, which json undoes
	}
	p.call(p.session, "Page.captureScreenshot", map[string]any{"format": "png"}, &answer)
	return answer.Data
}

// Errors returns what was thrown in the page and not caught so far.
func (p *Page) Errors() []string { return p.errors }

// message is one in either direction.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

func (p *Page) send(session, method string, params any) error {
	p.last++
	text, err := json.Marshal(message{ID: p.last, Session: session, Method: method, Params: params})
	if err != nil {
		return err
	}
	_, err = p.out.Write(append(text, 0))
	return err
}

// call sends a command and waits for its answer.
func (p *Page) call(session, method string, params, result any) {
	p.tb.Helper()
	if err := p.send(session, method, params); err != nil {
		p.tb.Fatalf("%s: %v", method, err)
	}
	for {
		m, err := p.receive()
		if err != nil {
			p.tb.Fatalf("%s: %v; errors in the page: %q", method, err, p.errors)
		}
		switch {
		case m.Method == "Runtime.exceptionThrown":
			text, _ := json.Marshal(m.Params)
			p.errors = append(p.errors, string(text))
		case m.ID != p.last:
		case m.Error != nil:
			p.tb.Fatalf("%s: %s", method, m.Error.Message)
		default:
			if result != nil {
				if err := json.Unmarshal(m.Result, result); err != nil {
					p.tb.Fatalf("%s: %v", method, err)
				}
			}
			return
		}
	}
}

func (p *Page) receive() (m message, err error) {
	text, err := p.in.ReadBytes(0)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return m, errors.New("the browser took too long")
	case err != nil:
		return m, fmt.Errorf("the browser is gone: %w", err)
	}
	return m, json.Unmarshal(text[:len(text)-1], &m)
}
