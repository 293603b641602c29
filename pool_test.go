package framealloc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

// poolNode is a pooled type with pointers of several kinds.
type poolNode struct {
	id    int
	name  string
	next  *poolNode
	links []*poolNode
	data  any
}

func TestPoolGetPut(t *testing.T) {
	for _, c := range []struct {
		name   string
		config Config
	}{
		{"default", Config{}},
		{"magazine of 1", Config{PoolMagazine: 1}},
		{"magazine of 3", Config{PoolMagazine: 3}},
		{"debug", Config{Debug: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := NewAllocator(c.config)
			defer a.Close()
			p := PoolOf[poolNode](a)
			const n = 500
			for round := range 3 {
				seen := map[*poolNode]bool{}
				for i := range n {
					x := p.Get()
					if !reflect.ValueOf(x).Elem().IsZero() {
						t.Fatalf("round %d: object %d is %+v, want zero", round, i, *x)
					}
					if seen[x] {
						t.Fatalf("round %d: %p handed out twice", round, x)
					}
					seen[x] = true
					*x = poolNode{i, "n", x, []*poolNode{x}, x}
				}
				if s := p.Stats(); s.Live != n || s.Gets != uint64(n*(round+1)) || s.Puts != uint64(n*round) {
					t.Fatalf("round %d: stats %+v", round, s)
				}
				for x := range seen {
					p.Put(x)
				}
			}
			s := p.Stats()
			if s.Live != 0 || s.Puts != 3*n || s.Free+s.Shared != int(s.Made) || s.Made < n || s.Made > n+64 {
				t.Errorf("after all was put: %+v", s)
			}
			a.Main().Publish()
			size := uint64(unsafe.Sizeof(poolNode{}))
			if got, want := a.Stats().Pool, (IntentStats{3 * n, 3 * n * size, 3 * n}); got != want {
				t.Errorf("published %+v, want %+v", got, want)
			}
		})
	}
}

func TestPoolSizes(t *testing.T) {
	for _, c := range []Config{{}, {Debug: true}} {
		a := NewAllocator(c)
		recycle[struct{}](t, a)
		recycle[[0]*int](t, a)
		recycle[bool](t, a)
		recycle[[3]byte](t, a)
		recycle[string](t, a)
		recycle[any](t, a)
		recycle[[100 << 10]byte](t, a)
		recycle[[40 << 10]*int](t, a)
		recycle[func()](t, a)
		a.Close()
	}
}

func recycle[T any](t *testing.T, a *Allocator) {
	t.Helper()
	var live []*T
	seen := map[*T]bool{}
	for range 20 {
		x := PoolGet[T](a)
		if !reflect.ValueOf(x).Elem().IsZero() {
			t.Errorf("%T is not zero", x)
		}
		if unsafe.Sizeof(*x) > 0 && seen[x] {
			t.Errorf("%T handed out twice", x)
		}
		seen[x] = true
		live = append(live, x)
	}
	for _, x := range live {
		PoolPut(a, x)
	}
	if s := PoolOf[T](a).Stats(); s.Live != 0 || s.Gets != 20 || s.Puts != 20 {
		t.Errorf("%T: %+v", *new(T), s)
	}
}

func TestPoolOfIsOnePerWorkerAndType(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	w := a.NewWorker("w")
	if PoolOf[int](a) != PoolOf[int](a.Main()) {
		t.Error("allocator and main worker have different pools")
	}
	a.Frame(func(f *Frame) {
		if PoolOf[int](f) != PoolOf[int](a) {
			t.Error("a frame and its worker have different pools")
		}
	})
	if PoolOf[int](w) == PoolOf[int](a) {
		t.Error("two workers share a pool")
	}
	// More types than the cache has places, so that some collide.
	pools := map[unsafe.Pointer]bool{}
	for range 3 {
		for _, p := range []unsafe.Pointer{
			of[int8](a), of[int16](a), of[int32](a), of[int64](a), of[int](a), of[uint8](a), of[uint16](a),
			of[uint32](a), of[uint64](a), of[uint](a), of[string](a), of[[]int](a), of[[1]int](a), of[[2]int](a),
			of[[3]int](a), of[[4]int](a), of[[5]int](a), of[[6]int](a), of[[7]int](a), of[[8]int](a), of[[9]int](a),
			of[any](a), of[error](a), of[poolNode](a), of[*poolNode](a),
		} {
			pools[p] = true
		}
	}
	if len(pools) != 25 {
		t.Errorf("25 types have %d pools", len(pools))
	}
}

func of[T any](src Source) unsafe.Pointer { return unsafe.Pointer(PoolOf[T](src)) }

// poolMistake runs fn and returns the error that it must panic with.
func poolMistake(t *testing.T, fn func()) *diag.Error {
	t.Helper()
	var e *diag.Error
	func() {
		defer func() {
			if err, ok := recover().(error); !ok || !errors.As(err, &e) {
				t.Errorf("recovered %v, want a *diag.Error", err)
				e = &diag.Error{}
			}
		}()
		fn()
	}()
	return e
}

func TestPoolMisuse(t *testing.T) {
	for _, c := range []struct {
		name  string
		debug bool
		code  diag.Code
		says  string
		note  string
		do    func(a *Allocator)
	}{
		{"nil", false, diag.FA208, "nil put into the pool of framealloc.poolNode", "", func(a *Allocator) { PoolPut[poolNode](a, nil) }},
		{"nil in debug", true, diag.FA208, "nil put", "", func(a *Allocator) { PoolPut[poolNode](a, nil) }},
		{"nil without a size", false, diag.FA208, "nil put", "", func(a *Allocator) { PoolPut[struct{}](a, nil) }},
		{"twice", true, diag.FA208, "a framealloc.poolNode put twice", `by worker "main"`, func(a *Allocator) {
			x := PoolGet[poolNode](a)
			PoolPut(a, x)
			PoolPut(a, x)
		}},
		{"foreign", true, diag.FA208, "not from", "", func(a *Allocator) { PoolPut(a, new(poolNode)) }},
		{"inside", true, diag.FA208, "not from", "", func(a *Allocator) {
			PoolPut(a, &PoolGet[[2]poolNode](a)[1])
		}},
		{"other allocator", true, diag.FA208, "not from", "", func(a *Allocator) {
			PoolPut(a, PoolGet[poolNode](NewAllocator(Config{})))
		}},
		{"written after put", true, diag.FA208, "written to after it was put", "it was put at", func(a *Allocator) {
			x := PoolGet[poolNode](a)
			PoolPut(a, x)
			x.links = []*poolNode{x}
			PoolGet[poolNode](a)
		}},
		{"get after close", false, diag.FA207, "", "", func(a *Allocator) {
			p := PoolOf[poolNode](a)
			p.Put(p.Get())
			a.Close()
			p.Get()
		}},
		{"put after close", false, diag.FA207, "", "", func(a *Allocator) {
			x := PoolGet[poolNode](a)
			a.Close()
			PoolPut(a, x)
		}},
		{"get after close in debug", true, diag.FA207, "", "", func(a *Allocator) {
			p := PoolOf[poolNode](a)
			a.Close()
			p.Get()
		}},
		{"pool after close", false, diag.FA207, "", "", func(a *Allocator) {
			a.Close()
			PoolOf[poolNode](a)
		}},
		{"other goroutine", true, diag.FA201, "", "", func(a *Allocator) {
			a.BeginFrame()
			var got any
			done := make(chan bool)
			go func() {
				defer close(done)
				defer func() { got = recover() }()
				PoolGet[poolNode](a)
			}()
			<-done
			panic(got)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := poolMistake(t, func() { c.do(NewAllocator(Config{Debug: c.debug})) })
			if e.Code != c.code || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Note, c.note) {
				t.Errorf("%v (note %q), want %s … %s (note … %s)", e, e.Note, c.code, c.says, c.note)
			}
		})
	}
}

// A pool goes on after a mistake was reported.
func TestPoolAfterMisuse(t *testing.T) {
	a := NewAllocator(Config{Debug: true})
	defer a.Close()
	p := PoolOf[poolNode](a)
	x := p.Get()
	p.Put(x)
	x.id = 1
	poolMistake(t, func() { p.Get() })
	y := p.Get()
	if y == x || y.id != 0 {
		t.Errorf("got the object %p that is still written to (%p)", y, x)
	}
	p.Put(y)
	poolMistake(t, func() { p.Put(y) })
	if s := p.Stats(); s.Gets != 2 || s.Puts != 2 || s.Shared != 1 {
		t.Errorf("stats %+v", s)
	}
}

func TestPoolMigration(t *testing.T) {
	for _, c := range []Config{{PoolMagazine: 4}, {Debug: true}} {
		a := NewAllocator(c)
		w, v := a.NewWorker("w"), a.NewWorker("v")
		var live []*poolNode
		for range 100 {
			live = append(live, PoolGet[poolNode](w))
		}
		for _, x := range live {
			PoolPut(v, x)
		}
		if s := PoolOf[poolNode](v).Stats(); s.Live != -100 || s.Puts != 100 || s.Made != 0 {
			t.Errorf("debug %v: the worker that only puts: %+v", c.Debug, s)
		}
		made := PoolOf[poolNode](w).Stats().Made
		w.Close()
		v.Close()
		// What the closed workers had is the main worker's to take.
		for range made {
			PoolGet[poolNode](a)
		}
		if s := PoolOf[poolNode](a).Stats(); s.Made != 0 || s.Shared != 0 {
			t.Errorf("debug %v: after %d objects: %+v", c.Debug, made, s)
		}
		if got := a.Stats().Pool; got.Allocations != 100 || got.Frees != 100 {
			t.Errorf("debug %v: closed workers' figures: %+v", c.Debug, got)
		}
		a.Close()
	}
}

func TestPoolTrim(t *testing.T) {
	for _, c := range []Config{{PoolMagazine: 4}, {Debug: true}} {
		a := NewAllocator(c)
		p := PoolOf[poolNode](a)
		var live []*poolNode
		for range 100 {
			live = append(live, p.Get())
		}
		kept := live[0]
		kept.name = "kept"
		for _, x := range live[1:] {
			p.Put(x)
		}
		p.Trim()
		if s := p.Stats(); s.Free != 0 || s.Shared != 0 || s.Live != 1 || s.Puts != 99 {
			t.Errorf("debug %v: after Trim: %+v", c.Debug, s)
		}
		live = nil
		x := p.Get()
		p.Put(x)
		p.Put(kept)
		a.Main().TrimPools()
		if s := p.Stats(); s.Free != 0 || s.Shared != 0 || s.Live != 0 {
			t.Errorf("debug %v: after TrimPools: %+v", c.Debug, s)
		}
		a.Close()
	}
}

// Trimmed objects are really collected.
func TestPoolTrimLetsGo(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	p := PoolOf[[1 << 16]byte](a)
	gone := make(chan bool)
	func() {
		x := p.Get()
		runtime.AddCleanup(x, func(c chan bool) { close(c) }, gone)
		p.Put(x)
	}()
	p.Trim()
	for range 1000 {
		runtime.GC()
		select {
		case <-gone:
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("a trimmed object is still there after 1000 collections")
}

// FuzzPool drives two workers' pools at random and compares with a model.
func FuzzPool(f *testing.F) {
	f.Add(uint64(1), uint8(1), false)
	f.Add(uint64(2), uint8(4), false)
	f.Add(uint64(3), uint8(64), false)
	f.Add(uint64(4), uint8(0), true)
	f.Fuzz(func(t *testing.T, seed uint64, magazine uint8, debug bool) {
		rng := rand.New(rand.NewPCG(seed, 0))
		a := NewAllocator(Config{PoolMagazine: int(magazine), Debug: debug})
		defer a.Close()
		workers := []*Worker{a.NewWorker("0"), a.NewWorker("1")}
		type held struct {
			x  *poolNode
			id int
		}
		var live []held
		out := map[*poolNode]bool{}
		var gets, puts [2]uint64
		churn := 20 // how far gets or puts prevail for a while
		for step := range 4000 {
			w := rng.IntN(2)
			switch op := rng.IntN(100); {
			case op == 0:
				churn = rng.IntN(100)
			case op == 1 && rng.IntN(10) == 0:
				PoolOf[poolNode](workers[w]).Trim()
			case op == 2 && rng.IntN(10) == 0:
				workers[w].TrimPools()
			case op == 3:
				workers[w].pools.watch(rng.IntN(2) == 0)
			case op == 4 && rng.IntN(10) == 0:
				workers[w].Close()
				s := workers[w].Stats().Pool
				if s.Allocations != gets[w] || s.Frees != puts[w] {
					t.Fatalf("step %d: closed worker: %+v, want %d, %d", step, s, gets[w], puts[w])
				}
				workers[w], gets[w], puts[w] = a.NewWorker("again"), 0, 0
			case op < 5+churn || len(live) == 0:
				x := PoolGet[poolNode](workers[w])
				gets[w]++
				if out[x] {
					t.Fatalf("step %d: %p handed out twice", step, x)
				}
				if !reflect.ValueOf(x).Elem().IsZero() {
					t.Fatalf("step %d: not zero: %+v", step, *x)
				}
				out[x] = true
				*x = poolNode{id: step, name: fmt.Sprint(step), next: x}
				live = append(live, held{x, step})
			default:
				i := rng.IntN(len(live))
				h := live[i]
				if h.x.id != h.id || h.x.name != fmt.Sprint(h.id) || h.x.next != h.x {
					t.Fatalf("step %d: object of step %d changed to %+v", step, h.id, *h.x)
				}
				PoolPut(workers[w], h.x)
				puts[w]++
				delete(out, h.x)
				live[i] = live[len(live)-1]
				live = live[:len(live)-1]
			}
			for i, w := range workers {
				if p := w.pools.totals(); p.Allocations != gets[i] || p.Frees != puts[i] {
					t.Fatalf("step %d: worker %d: %+v, want %d gets, %d puts", step, i, p, gets[i], puts[i])
				}
			}
		}
	})
}

// checkedNode has a checksum over its contents, pointers included.
type checkedNode struct {
	id   uint64
	self *checkedNode
	text *string
	sum  uint64
}

func (c *checkedNode) fill(id uint64) {
	s := fmt.Sprint(id)
	*c = checkedNode{id, c, &s, ^id}
}

func (c *checkedNode) whole() bool {
	return c.self == c && c.sum == ^c.id && *c.text == fmt.Sprint(c.id)
}

// TestPoolTrade has many workers get, hand objects to each other and put them,
// through the depot, while the collector runs all the time.
func TestPoolTrade(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	a := NewAllocator(Config{PoolMagazine: 8})
	defer a.Close()
	const workers, rounds = 8, 3000
	exchange := make(chan *checkedNode, 64)
	var wg sync.WaitGroup
	for i := range workers {
		w := a.NewWorker(fmt.Sprint(i))
		wg.Go(func() {
			defer w.Close()
			p := PoolOf[checkedNode](w)
			rng := rand.New(rand.NewPCG(uint64(i), 1))
			var mine []*checkedNode
			for n := range rounds {
				switch r := rng.IntN(4); {
				case r < 2:
					x := p.Get()
					if *x != (checkedNode{}) {
						t.Errorf("not zero: %+v", *x)
						return
					}
					x.fill(uint64(i)<<32 | uint64(n))
					select {
					case exchange <- x:
					default:
						mine = append(mine, x)
					}
				case r == 2 && len(mine) > 0:
					j := rng.IntN(len(mine))
					x := mine[j]
					if !x.whole() {
						t.Errorf("changed: %+v", *x)
						return
					}
					p.Put(x)
					mine[j] = mine[len(mine)-1]
					mine = mine[:len(mine)-1]
				default:
					select {
					case x := <-exchange:
						if !x.whole() {
							t.Errorf("changed in transit: %+v", *x)
							return
						}
						p.Put(x)
					default:
					}
				}
				if n%64 == 0 {
					w.Publish()
				}
				if n%500 == 0 {
					runtime.GC()
				}
			}
			for _, x := range mine {
				if !x.whole() {
					t.Errorf("changed: %+v", *x)
				}
				p.Put(x)
			}
		})
	}
	stop := make(chan bool)
	var reader sync.WaitGroup
	reader.Go(func() { // statistics may be read all the while
		for {
			select {
			case <-stop:
				return
			default:
				a.Stats()
				runtime.Gosched()
			}
		}
	})
	wg.Wait()
	close(stop)
	reader.Wait()
	for len(exchange) > 0 {
		PoolPut(a, <-exchange)
	}
	a.Main().Publish()
	if s := a.Stats().Pool; s.Allocations != s.Frees || s.Allocations == 0 {
		t.Errorf("all was put, but: %+v", s)
	}
}

// A Put drops what the object references, so a free list keeps nothing alive.
func TestPoolPutDropsReferences(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	gone := make(chan bool)
	func() {
		big := new([1 << 20]byte)
		runtime.AddCleanup(big, func(c chan bool) { close(c) }, gone)
		x := PoolGet[poolNode](a)
		x.data = big
		PoolPut(a, x)
	}()
	for range 1000 {
		runtime.GC()
		select {
		case <-gone:
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("what a free object referenced is still there after 1000 collections")
}

func TestPoolSteadyStateAllocatesNothing(t *testing.T) {
	a := NewAllocator(Config{PoolMagazine: 16})
	defer a.Close()
	w := a.NewWorker("other")
	p, q := PoolOf[poolNode](a), PoolOf[poolNode](w)
	live := make([]*poolNode, 1000)
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"get and put", func() { p.Put(p.Get()) }},
		{"many", func() {
			for i := range live {
				live[i] = p.Get()
			}
			for _, x := range live {
				p.Put(x)
			}
		}},
		{"one only gets, the other only puts", func() {
			for i := range live {
				live[i] = p.Get()
			}
			for _, x := range live {
				q.Put(x)
			}
		}},
		{"by type", func() { PoolPut(a, PoolGet[poolNode](a)) }},
		{"frames", func() {
			f := a.BeginFrame()
			PoolPut(f, PoolGet[poolNode](f))
			a.EndFrame()
		}},
		{"box", func() { PoolBox[poolNode](a).Free() }},
		{"bytes", func() { BytesPut(a, BytesGet(a, 300)) }},
	} {
		c.do()
		c.do()
		if n := testing.AllocsPerRun(20, c.do); n != 0 {
			t.Errorf("%s: %v heap allocations a run", c.name, n)
		}
	}
}

func TestPoolObserved(t *testing.T) {
	a := NewAllocator(Config{PoolMagazine: 4})
	defer a.Close()
	PoolPut(a, PoolGet[poolNode](a)) // something in the magazine
	var allocs, frees, taken, made, given int
	stop := a.Observe(Hooks{
		Alloc: func(e Alloc) {
			if e.Intent == IntentPool && e.Type == "framealloc.poolNode" && e.Bytes == int(unsafe.Sizeof(poolNode{})) {
				allocs++
			}
		},
		Free: func(e Free) { frees++ },
		PoolRefill: func(e PoolRefill) {
			taken, made, given = taken+e.Taken, made+e.Made, given+e.Given
		},
	})
	a.Frame(func(f *Frame) {
		var live []*poolNode
		for range 20 {
			live = append(live, PoolGet[poolNode](f))
		}
		for _, x := range live {
			PoolPut(f, x)
		}
		BytesPut(f, BytesGet(f, 10))
	})
	stop()
	a.Frame(func(f *Frame) { PoolPut(f, PoolGet[poolNode](f)) })
	if allocs != 20 || frees != 21 {
		t.Errorf("saw %d allocations and %d frees, want 20 and 21 (one of bytes)", allocs, frees)
	}
	if made != 16+4 || given != 12 || taken != 0 {
		t.Errorf("saw %d made, %d given, %d taken", made, given, taken)
	}
	if s := PoolOf[poolNode](a).Stats(); s.Gets != 22 || s.Puts != 22 || s.Free != 8 || s.Shared != 12 {
		t.Errorf("stats %+v", s)
	}
}

// At the edge of a magazine, gets and puts that alternate stay within the
// worker's two magazines, wherever the edge is.
func TestPoolTradesSeldom(t *testing.T) {
	const magazine = 8
	a := NewAllocator(Config{PoolMagazine: magazine})
	defer a.Close()
	trades, objects := 0, 0
	defer a.Observe(Hooks{PoolRefill: func(e PoolRefill) {
		trades++
		objects += e.Taken + e.Made + e.Given
	}})()
	a.Frame(func(f *Frame) {
		p := PoolOf[poolNode](f)
		for edge := range 4 * magazine {
			p.Get() // moves the edge
			before := trades
			for range 100 {
				var live [magazine]*poolNode
				for i := range live {
					live[i] = p.Get()
				}
				for _, x := range live {
					p.Put(x)
				}
			}
			if n := trades - before; n > 2 {
				t.Errorf("edge %d: %d trades in 100 rounds", edge, n)
			}
		}
	})
	if objects != trades*magazine {
		t.Errorf("%d trades moved %d objects, want whole magazines of %d", trades, objects, magazine)
	}
}
