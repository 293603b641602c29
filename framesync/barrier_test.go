package framesync_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/framesync"
)

// wantCode fails the test unless fn panics with an error of the code.
func wantCode(t *testing.T, code diag.Code, fn func()) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		if !errors.Is(err, code) {
			t.Errorf("panicked with %v, want %v", err, code)
		}
	}()
	fn()
}

func frameIs(t *testing.T, b *framesync.Barrier, want uint64) {
	t.Helper()
	if got := b.Frame(); got != want {
		t.Errorf("frame %d is running, want %d", got, want)
	}
}

// TestLockstep runs participants that take different times over their frames
// and expects that none ever begins a frame before all have completed the last.
func TestLockstep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const frames = 500
		names := []string{"simulate", "render", "audio", "stream", "network"}
		b := framesync.NewBarrier(names...)
		var completed [frames + 1]atomic.Int32
		for i, name := range names {
			go func() {
				p := b.Participant(name)
				rng := rand.New(rand.NewPCG(uint64(i), 7))
				for n := 1; n <= frames; n++ {
					if n > 1 && int(completed[n-1].Load()) != len(names) {
						t.Errorf("%s began frame %d with %d of frame %d complete", name, n, completed[n-1].Load(), n-1)
					}
					time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
					completed[n].Add(1)
					if rng.IntN(2) == 0 {
						p.Signal()
						time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
					}
					p.Wait()
				}
			}()
		}
		synctest.Wait()
		time.Sleep(frames * time.Second)
		frameIs(t, b, frames+1)
	})
}

// TestLockstepRealTime is the same without virtual time, for the race detector:
// the participants share plain memory that only the barrier orders.
func TestLockstepRealTime(t *testing.T) {
	const frames, n = 2000, 4
	b := framesync.NewBarrier()
	var cells [2][n]int
	var parts [n]*framesync.Participant
	for i := range parts {
		parts[i] = b.Join(fmt.Sprint(i))
	}
	var wg sync.WaitGroup
	for i, p := range parts {
		wg.Go(func() {
			for f := 1; f <= frames; f++ {
				write, read := &cells[f%2], &cells[(f+1)%2]
				sum := 0
				for _, c := range read {
					sum += c
				}
				if want := n * (f - 1); sum != want {
					t.Errorf("frame %d read %d, want %d", f, sum, want)
					p.Leave()
					return
				}
				write[i] = f
				p.Wait()
			}
		})
	}
	wg.Wait()
	frameIs(t, b, frames+1)
}

// TestFastParticipant has one signal a frame before another has woken from the
// frame before.
func TestFastParticipant(t *testing.T) {
	b := framesync.NewBarrier("fast", "slow")
	fast, slow := b.Participant("fast"), b.Participant("slow")
	slow.Signal() // 1
	fast.Signal() // 1: complete
	fast.Signal() // 2
	slow.Wait()   // for 1, long complete: neither blocks nor signals 2
	frameIs(t, b, 2)
	if got := b.Missing(); !slices.Equal(got, []string{"slow"}) {
		t.Errorf("missing %v, want slow", got)
	}
	slow.Wait() // signals 2
	fast.Wait()
	frameIs(t, b, 3)
}

func TestWaitContextNamesMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBuilder("loop").Participants("simulate", "render", "audio").Build()
		sim := b.Participant("simulate")
		b.Participant("render").Signal()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		err := sim.WaitContext(ctx)
		var missing *framesync.MissingError
		if !errors.As(err, &missing) {
			t.Fatalf("WaitContext returned %v, want a MissingError", err)
		}
		if !slices.Equal(missing.Missing, []string{"audio"}) || missing.Frame != 1 || missing.Participant != "simulate" {
			t.Errorf("got %+v", missing)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, diag.FA202) || errors.Is(err, diag.FA206) {
			t.Errorf("%v matches the wrong errors", err)
		}
		if want := `framesync: barrier "loop": "simulate" waited in frame 1 for audio: context deadline exceeded`; err.Error() != want {
			t.Errorf("says %q, want %q", err, want)
		}
		if d := time.Since(begin); d != time.Second {
			t.Errorf("waited %v, want 1s", d)
		}
		// The signal stands, and the wait can be taken up again.
		go b.Participant("audio").Signal()
		sim.Wait()
		frameIs(t, b, 2)
		if err := sim.WaitContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("WaitContext with an expired context returned %v", err)
		}
		b.Participant("audio").Signal()
		b.Participant("render").Signal()
		if err := sim.WaitContext(ctx); err != nil {
			t.Errorf("WaitContext for a complete frame returned %v", err)
		}
	})
}

func TestWaitTimeout(t *testing.T) {
	for _, limit := range []time.Duration{-time.Second, 0, time.Millisecond, time.Minute} {
		t.Run(limit.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := framesync.NewBarrier("a", "b")
				begin := time.Now()
				for range 3 { // the timer is used again
					if err := b.Participant("a").WaitTimeout(limit); !errors.Is(err, context.DeadlineExceeded) {
						t.Fatalf("got %v, want a deadline exceeded", err)
					}
				}
				if d, want := time.Since(begin), 3*max(limit, 0); d != want {
					t.Errorf("waited %v, want %v", d, want)
				}
				b.Participant("b").Signal()
				if err := b.Participant("a").WaitTimeout(limit); err != nil {
					t.Errorf("got %v for a complete frame", err)
				}
			})
		})
	}
}

func TestCancelWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBarrier("a", "b")
		ctx, cancel := context.WithCancel(t.Context())
		var err error
		go func() { err = b.Participant("a").WaitContext(ctx) }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want it canceled", err)
		}
	})
}

// TestWaitAll gives one participant the time between the frames to itself.
func TestWaitAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const frames = 100
		b := framesync.NewBarrier("main", "a", "b")
		shared := 0 // no lock: the barrier orders it
		for i, name := range []string{"a", "b"} {
			go func() {
				p := b.Participant(name)
				for n := range frames {
					if shared != n {
						t.Errorf("%s sees %d in frame %d", name, shared, n)
					}
					time.Sleep(time.Duration(1+i*n%3) * time.Millisecond)
					p.Wait()
				}
			}()
		}
		p := b.Participant("main")
		for range frames {
			p.WaitAll()
			shared++
			p.Signal()
			p.Wait()
		}
		frameIs(t, b, frames+1)
		synctest.Wait()
	})
}

func TestWaitAllAlone(t *testing.T) {
	b := framesync.NewBarrier("only")
	p := b.Participant("only")
	p.WaitAll() // no others: at once
	frameIs(t, b, 1)
	p.Signal()
	frameIs(t, b, 2)
	p.WaitAll()
	p.Wait()
	frameIs(t, b, 3)
}

func TestWaitAllContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBarrier("main", "a", "b")
		b.Participant("a").Signal()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var missing *framesync.MissingError
		if err := b.Participant("main").WaitAllContext(ctx); !errors.As(err, &missing) || !slices.Equal(missing.Missing, []string{"b"}) {
			t.Errorf("got %v, want b missing", err)
		}
		if got := b.Missing(); !slices.Equal(got, []string{"main", "b"}) {
			t.Errorf("missing %v: WaitAll must not signal", got)
		}
		go b.Participant("b").Signal()
		if err := b.Participant("main").WaitAllContext(t.Context()); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestJoinAndLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBarrier("a", "b")
		a := b.Participant("a")
		passed := 0
		go func() {
			for range 3 {
				a.Wait()
				passed++
			}
		}()
		expect := func(n int, when string) {
			t.Helper()
			synctest.Wait()
			if passed != n {
				t.Errorf("%s: a has passed %d times, want %d", when, passed, n)
			}
		}
		c := b.Join("c") // a has signalled perhaps; the frame is running still
		b.Participant("b").Signal()
		expect(0, "c joined the running frame and has not signalled it")
		c.Signal()
		expect(1, "all three have signalled")
		c.Signal()
		b.Participant("b").Leave()
		expect(2, "b, the only one missing, left")
		c.Leave()
		expect(3, "only a is left")
		c.Leave() // does nothing
		if s := b.Stats(); len(s.Participants) != 1 || s.Frames != 3 {
			t.Errorf("got %+v", s)
		}
		b.Join("c").Leave()
		a.Wait()
		a.Leave()
		frameIs(t, b, 5)
		d := b.Join("d")
		frameIs(t, b, 5)
		d.Wait()
		frameIs(t, b, 6)
	})
}

func TestLeaveWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBarrier("a", "main", "c")
		var errA, errMain error
		go func() { errA = b.Participant("a").WaitContext(t.Context()) }()
		go func() { errMain = b.Participant("main").WaitAllContext(t.Context()) }()
		synctest.Wait()
		b.Participant("a").Leave()
		b.Participant("main").Leave()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		// Nobody coordinates any more, whether or not main has woken by now.
		var missing *framesync.MissingError
		if err := b.Participant("c").WaitAllContext(ctx); err != nil && !errors.As(err, &missing) {
			t.Error(err)
		}
		synctest.Wait()
		if !errors.Is(errA, framesync.ErrLeft) || !errors.Is(errMain, framesync.ErrLeft) {
			t.Errorf("waits returned %v and %v, want ErrLeft", errA, errMain)
		}
		b.Participant("c").WaitAll()
		frameIs(t, b, 1)
	})
}

func TestMisuse(t *testing.T) {
	for name, fn := range map[string]func(b *framesync.Barrier){
		"signal twice":       func(b *framesync.Barrier) { b.Participant("a").Signal(); b.Participant("a").Signal() },
		"unknown name":       func(b *framesync.Barrier) { b.Participant("c") },
		"name taken":         func(b *framesync.Barrier) { b.Join("b") },
		"no name":            func(b *framesync.Barrier) { b.Join("") },
		"builder, twice":     func(*framesync.Barrier) { framesync.NewBarrier("x", "x") },
		"signal after leave": func(b *framesync.Barrier) { p := b.Participant("a"); p.Leave(); p.Signal() },
		"wait after leave":   func(b *framesync.Barrier) { p := b.Participant("a"); p.Leave(); p.Wait() },
	} {
		t.Run(name, func(t *testing.T) {
			b := framesync.NewBarrier("a", "b")
			wantCode(t, diag.FA202, func() { fn(b) })
			b.Missing() // the lock is free
		})
	}
}

func TestTwoWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBarrier("a", "b", "c")
		go b.Participant("a").Wait()
		go b.Participant("b").WaitAll()
		synctest.Wait()
		wantCode(t, diag.FA202, func() { b.Participant("a").Wait() })
		wantCode(t, diag.FA202, func() { b.Participant("c").WaitAll() })
		b.Participant("c").Signal()
		synctest.Wait()
		b.Participant("b").Signal() // lets a go, or the bubble deadlocks
	})
}

func TestReportAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := diag.NewCollector(t)
		b := framesync.NewBuilder("loop").Participants("a", "b", "audio").
			ReportAfter(time.Second).Reporter(c.Reporter()).Build()
		var passed atomic.Int32
		for _, name := range []string{"a", "b"} {
			go func() { b.Participant(name).Wait(); passed.Add(1) }()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		found := c.Of(diag.FA202)
		if len(found) != 1 { // once a frame, whoever waits
			t.Fatalf("got %v, want one report", found)
		}
		if want := `has waited 1s at barrier "loop" for audio`; found[0].Frame != 1 || found[0].Severity != diag.SeverityWarning ||
			len(found[0].Message) < len(want) || found[0].Message[len(found[0].Message)-len(want):] != want {
			t.Errorf("got %+v, want a warning of frame 1 that ends in %q", found[0], want)
		}
		b.Participant("audio").Signal()
		synctest.Wait()
		if n := passed.Load(); n != 2 {
			t.Errorf("%d participants passed, want 2: a report ends no wait", n)
		}
		c.Require(diag.FA202)
	})
}

// TestBuilderWorkers names participants after workers and reports where their
// allocator does.
func TestBuilderWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, c := newAllocator(t)
		w := a.NewWorker("physics")
		defer w.Close()
		x := framesync.NewBuilder("loop").Workers(a.Main(), w).Participants("net").ReportAfter(time.Second)
		b, other := x.Build(), x.Build()
		if got := b.Missing(); !slices.Equal(got, []string{"main", "physics", "net"}) {
			t.Errorf("participants %v", got)
		}
		p := b.Participant("physics")
		if p.Name() != "physics" || p.Barrier() != b || b.Name() != "loop" {
			t.Errorf("got participant %q of barrier %q", p.Name(), p.Barrier().Name())
		}
		if err := p.WaitTimeout(time.Minute); !errors.Is(err, diag.FA202) {
			t.Errorf("got %v", err)
		}
		c.Require(diag.FA202)
		if got := other.Missing(); len(got) != 3 {
			t.Errorf("a signal at one barrier counts at another: missing %v", got)
		}
	})
}

// TestStrictReport panics out of a wait and expects the barrier to be of use
// afterwards.
func TestStrictReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictWarnings})
		b := framesync.NewBuilder("").Participants("a", "b").ReportAfter(time.Second).Reporter(r).Build()
		a := b.Participant("a")
		wantCode(t, diag.FA202, a.Wait)
		b.Participant("b").Signal()
		a.Wait()
		frameIs(t, b, 2)
	})
}

func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := framesync.NewBarrier("fast", "middle", "slow")
		const frames = 10
		for name, d := range map[string]time.Duration{"fast": 1, "middle": 4, "slow": 10} {
			go func() {
				p := b.Participant(name)
				for range frames {
					time.Sleep(d * time.Millisecond)
					p.Wait()
				}
			}()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		s := b.Stats()
		if s.Frames != frames || s.Last != "slow" || s.Spread != 9*time.Millisecond {
			t.Errorf("got %+v", s)
		}
		want := []framesync.ParticipantStats{
			{Name: "fast", Frames: frames, Waited: 90 * time.Millisecond, LongestWait: 9 * time.Millisecond},
			{Name: "middle", Frames: frames, Waited: 60 * time.Millisecond, LongestWait: 6 * time.Millisecond},
			{Name: "slow", Frames: frames, Last: frames, Held: 60 * time.Millisecond},
		}
		if !slices.Equal(s.Participants, want) {
			t.Errorf("got  %+v\nwant %+v", s.Participants, want)
		}
		b.Participant("slow").Signal()
		b.Participant("fast").Signal()
		b.Participant("middle").Leave()
		if s := b.Stats(); s.Last != "" || s.Frames != frames+1 {
			t.Errorf("after a frame completed by leaving: %+v", s)
		}
	})
}

func TestNoAllocation(t *testing.T) {
	b := framesync.NewBuilder("").Participants("a", "b").ReportAfter(time.Hour).Build()
	a, z := b.Participant("a"), b.Participant("b")
	done := make(chan struct{})
	stop := false
	go func() {
		defer close(done)
		for !stop {
			a.Wait()
		}
	}()
	frame := func() {
		z.WaitAll()
		z.Signal()
		z.Wait()
		if err := z.WaitTimeout(time.Hour); err != nil {
			t.Error(err)
		}
		b.Participant("b").WaitAllContext(t.Context())
		if err := z.WaitContext(t.Context()); err != nil {
			t.Error(err)
		}
	}
	frame() // makes the timers
	if n := testing.AllocsPerRun(500, frame); n != 0 {
		t.Errorf("%v allocations in three frames, want 0", n)
	}
	z.WaitAll()
	stop = true
	z.Signal()
	<-done
}

// TestMembershipModel checks the barrier against a set of names, with one
// goroutine driving every participant.
func TestMembershipModel(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		b := framesync.NewBarrier()
		frame := uint64(1)
		signalled := map[string]bool{}
		for range 200 {
			name := fmt.Sprint(rng.IntN(5))
			had, present := signalled[name]
			switch op := rng.IntN(8); {
			case !present:
				b.Join(name)
				signalled[name] = false
				continue // a newcomer completes nothing
			case op == 0:
				b.Participant(name).Leave()
				delete(signalled, name)
				if had {
					continue // nobody waited for it
				}
			case had:
				if err := b.Participant(name).WaitTimeout(0); err == nil {
					t.Fatalf("seed %d: %s passed frame %d without the others", seed, name, frame)
				}
				continue
			default:
				b.Participant(name).Signal()
				signalled[name] = true
			}
			complete := len(signalled) > 0
			for _, s := range signalled {
				complete = complete && s
			}
			if complete {
				frame++
				for name := range signalled {
					if err := b.Participant(name).WaitTimeout(0); err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
					signalled[name] = false
				}
			}
			if b.Frame() != frame || len(b.Missing()) != countFalse(signalled) {
				t.Fatalf("seed %d: frame %d, missing %v; want frame %d, %v", seed, b.Frame(), b.Missing(), frame, signalled)
			}
		}
	}
}

func countFalse(m map[string]bool) (n int) {
	for _, v := range m {
		if !v {
			n++
		}
	}
	return n
}
