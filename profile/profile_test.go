package profile

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc"
)

type particle struct {
	Pos, Vel [3]float32
	Next     *particle
}

const particleSize = int(unsafe.Sizeof(particle{}))

// spawn allocates in every intent, from lines that a profile must name.
func spawn(a *framealloc.Allocator, f *framealloc.Frame, n int) {
	defer f.Tag("particles")()
	defer f.Phase("spawn")()
	for range n {
		framealloc.New[particle](f)
		framealloc.Slice[uint64](f, 16)
		grow(f)
	}
	framealloc.New[[8]uint64](a.Scratch("level").Frame())
	framealloc.HeapNew[[32]uint64](f)
}

//go:noinline
func grow(f *framealloc.Frame) {
	v := framealloc.NewVec[uint64](f, 9)
	for i := range uint64(9) {
		v.Push(i)
	}
}

// write writes a profile to a file.
func write(t *testing.T, p *Profile) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "frames.pb.gz")
	var b bytes.Buffer
	n, err := p.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("wrote %d of %d bytes: %v", n, b.Len(), err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func goTool(t *testing.T, args ...string) string {
	t.Helper()
	c := exec.Command("go", append([]string{"tool", "pprof"}, args...)...)
	// The tool is this machine's, whatever the test was built for.
	c.Env = append(os.Environ(), "GOOS=", "GOARCH=", "PPROF_TMPDIR="+t.TempDir())
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("go tool pprof %v: %v\n%s", args, err, out)
	}
	return string(out)
}

//fa:ignore FA603,FA701 the third frame stays active while profiles are read
func TestPprofOpensProfiles(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	p := Start(a, Config{Rate: 1})
	defer p.Stop()
	unit := (*particle)(nil)
	for i := range 3 {
		f := a.BeginFrame()
		spawn(a, f, 10)
		if i == 0 {
			unit = framealloc.PoolGet[particle](f)
		}
		if i < 2 {
			a.EndFrame()
		}
	}
	name := write(t, p)
	raw := goTool(t, "-raw", name)
	if want := "Samples:\nalloc_objects/count alloc_space/bytes[dflt] inuse_objects/count inuse_space/bytes\n"; !strings.Contains(raw, want) {
		t.Errorf("no sample types in\n%s", raw)
	}
	for _, want := range []string{"PeriodType: space bytes", "Period: 1\n"} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %q in\n%s", want, raw)
		}
	}
	// "values: locations" and, below, the labels "key:[value]".
	sample := regexp.MustCompile(`(?m)^ +(\d+) +(\d+) +(\d+) +(\d+): ([\d ]+)\n((?: +.*:\[.*\n)*)`)
	intent := regexp.MustCompile(`intent:\[(\w+)\]`)
	sums := map[string][4]int{}
	for _, m := range sample.FindAllStringSubmatch(raw, -1) {
		kind := intent.FindStringSubmatch(m[6])
		if kind == nil {
			t.Fatalf("a sample without its intent: %q", m)
		}
		sum := sums[kind[1]]
		for i := range sum {
			n, _ := strconv.Atoi(m[1+i])
			sum[i] += n
		}
		sums[kind[1]] = sum
		for _, want := range []string{"tag:[particles]", "phase:[spawn]"} {
			if kind[1] != "pool" && !strings.Contains(m[6], want) {
				t.Errorf("no %s in the labels %q", want, m[6])
			}
		}
		if !strings.Contains(m[6], "worker:[main]") || !strings.Contains(m[6], "type:[") && kind[1] != "frame" {
			t.Errorf("labels %q", m[6])
		}
	}
	stats := a.Main().Stats()
	frame := sums["frame"]
	size := 8 * ((particleSize + 7) / 8)
	if frame[0] != 3*10*4 || frame[2] != 10*4 {
		t.Errorf("frame memory: %v, want 120 objects and 40 in use", frame)
	}
	if want := frame[1] / 3; frame[3] != want || want < 10*(size+128+72) {
		t.Errorf("frame memory: %v, want a third of the bytes in use, at least %d", frame, 10*(size+128+72))
	}
	if want := [4]int{3, 3 * 64, 3, 3 * 64}; sums["scratch"] != want {
		t.Errorf("scratches: %v, want %v", sums["scratch"], want)
	}
	if want := [4]int{1, particleSize, 1, particleSize}; sums["pool"] != want {
		t.Errorf("pools: %v, want %v", sums["pool"], want)
	}
	if heap := sums["heap"]; heap[0] != 3 || heap[1] != 3*256 || heap[0] != int(stats.Heap.Allocations) {
		t.Errorf("heap: %v, want 3 objects of 256 bytes", heap)
	}

	top := goTool(t, "-top", "-sample_index=alloc_objects", "-tagfocus=intent=frame", name)
	// New and Slice are the library's: what pprof shows as the leaf is who
	// called them.
	if !regexp.MustCompile(`(?m)^\s+60 .*profile\.spawn$`).MatchString(top) || !regexp.MustCompile(`(?m)^\s+60 .*profile\.grow$`).MatchString(top) {
		t.Errorf("60 allocations each by spawn and by grow, a Vec being two, are not in\n%s", top)
	}
	list := goTool(t, "-list=profile.spawn", "-sample_index=alloc_objects", name)
	if !regexp.MustCompile(`30 +30 .*framealloc\.New\[particle\]`).MatchString(list) {
		t.Errorf("the line that calls New is not counted in\n%s", list)
	}

	framealloc.PoolPut(a, unit)
	a.EndFrame()
	text := &bytes.Buffer{}
	if err := p.WriteText(text); err != nil || !strings.Contains(text.String(), fmt.Sprintf("1 objects, %d bytes allocated; 0 objects, 0 bytes in use\npool profile.particle, worker main\n", particleSize)) {
		t.Errorf("%v, text\n%s", err, text)
	}
	if got := inUse(p, framealloc.IntentFrame) + inUse(p, framealloc.IntentPool); got != 0 {
		t.Errorf("%d bytes in use at the end", got)
	}
}

func inUse(p *Profile, intent framealloc.Intent) (n int64) {
	for _, s := range p.snapshot().samples {
		if s.intent == intent {
			n += whole(s.inuse.bytes)
		}
	}
	return n
}

// TestEstimatesMeetExactCounts compares a profile with the allocator's own
// figures. The seed is fixed; the bound is four standard deviations.
func TestEstimatesMeetExactCounts(t *testing.T) {
	const rate = 8192
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	p := Start(a, Config{Rate: rate, Seed: 3})
	for range 400 {
		f := a.BeginFrame()
		spawn(a, f, 50)
		framealloc.PoolPut(f, framealloc.PoolGet[particle](f))
		a.EndFrame()
		a.ResetScratch()
	}
	p.Stop()
	var got [4]figures
	for _, s := range p.snapshot().samples {
		got[s.intent].add(s.alloc)
	}
	stats := a.Main().Stats()
	for intent, exact := range map[framealloc.Intent]framealloc.IntentStats{
		framealloc.IntentFrame: stats.Frame, framealloc.IntentPool: stats.Pool, framealloc.IntentHeap: stats.Heap,
	} {
		// Of n bytes, n/rate are sample points, whose number is nearly Poisson's.
		bound := 4 / math.Sqrt(float64(exact.Bytes)/rate)
		if off := math.Abs(got[intent].bytes/float64(exact.Bytes) - 1); off > bound {
			t.Errorf("%v: %.0f bytes estimated, %d exact: off by %.1f %%, want at most %.1f", intent, got[intent].bytes, exact.Bytes, 100*off, 100*bound)
		}
	}
}

func TestProfilingAllocatesNothing(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	p := Start(a, Config{Rate: 2048, Seed: 1})
	defer p.Stop()
	frame := func() {
		f := a.BeginFrame()
		for range 100 {
			framealloc.New[particle](f)
			framealloc.New[[4]uint64](f)
			framealloc.PoolPut(f, framealloc.PoolGet[particle](f))
		}
		a.EndFrame()
	}
	for range 1000 { // until each stack has been seen
		frame()
	}
	if n := testing.AllocsPerRun(500, frame); n != 0 {
		t.Errorf("%g heap allocations a frame", n)
	}
}

// TestProfileWhileWorkersRun is for the race detector, and for what is in use at
// the end.
func TestProfileWhileWorkersRun(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{FramesInFlight: 1})
	defer a.Close()
	p := Start(a, Config{Rate: 512})
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			w := a.NewWorker(fmt.Sprint("worker ", i))
			defer w.Close()
			for range 100 {
				w.Frame(func(f *framealloc.Frame) {
					framealloc.Slice[uint64](f, 50)
					framealloc.PoolPutTo(a, f, framealloc.PoolGet[particle](f))
				})
			}
		})
	}
	for range 20 {
		if _, err := p.WriteTo(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if got := inUse(p, framealloc.IntentFrame) + inUse(p, framealloc.IntentPool); got != 0 {
		t.Errorf("%d bytes in use at the end", got)
	}
	p.Stop()
	p.Stop()
}
