package scene

import "image"

const (
	width, height = 640, 360
	mazeSize      = 81 // cells a side, odd
	agentCount    = 2000
	searches      = 10 // paths found in each frame
)

// A record is a piece of the program's long-lived state: 96 bytes, with pointers
// to others, for the collector to walk.
type record struct {
	next, other *record
	name        string
	values      [8]float64
}

type agent struct {
	x, y float32
	path []int32 // kept; refilled when the agent finds a new way
	at   int
}

type world struct {
	mem    memory
	random uint64
	maze   []bool // true: wall
	agents []agent
	live   []*record
	image  *image.RGBA
	depth  []float32
	mesh   *mesh
	frame  int
	found  int // cells on the paths of this frame
	met    int // contacts
	drawn  int // triangles
}

func newWorld(m memory, liveMB int) *world {
	w := &world{
		mem: m, random: 0x9e3779b97f4a7c15, image: image.NewRGBA(image.Rect(0, 0, width, height)),
		depth: make([]float32, width*height), mesh: loadMesh(),
	}
	w.carveMaze()
	w.agents = make([]agent, agentCount)
	for i := range w.agents {
		c := w.freeCell()
		a := &w.agents[i]
		a.x, a.y = float32(c%mazeSize)+0.5, float32(c/mazeSize)+0.5
		a.path = make([]int32, 0, mazeSize*mazeSize)
	}
	w.fillHeap(liveMB)
	return w
}

// next is xorshift64*: the same numbers in every mode.
func (w *world) next() uint64 {
	w.random ^= w.random >> 12
	w.random ^= w.random << 25
	w.random ^= w.random >> 27
	return w.random * 2685821657736338717
}

func (w *world) intn(n int) int { return int(w.next() >> 33 % uint64(n)) }

// fillHeap makes the long-lived state, linked at random.
func (w *world) fillHeap(mb int) {
	n := mb << 20 / 112 // its size on the heap, about
	w.live = make([]*record, n)
	names := []string{"tree", "rock", "house", "river"}
	for i := range w.live {
		w.live[i] = &record{name: names[i%len(names)], values: [8]float64{float64(i)}}
		if i > 0 {
			w.live[i].next = w.live[w.intn(i)]
			w.live[i].other = w.live[i-1]
		}
	}
}

// carveMaze walks at random from cell to cell, and then opens some walls, so that
// there are many ways.
func (w *world) carveMaze() {
	w.maze = make([]bool, mazeSize*mazeSize)
	for i := range w.maze {
		w.maze[i] = true
	}
	stack := []int{mazeSize + 1}
	w.maze[stack[0]] = false
	steps := [4]int{1, -1, mazeSize, -mazeSize}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		var ways [4]int
		n := 0
		for _, d := range steps {
			to := at + 2*d
			x, y := to%mazeSize, to/mazeSize
			if to > 0 && x > 0 && y > 0 && x < mazeSize-1 && y < mazeSize-1 && w.maze[to] {
				ways[n] = d
				n++
			}
		}
		if n == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		d := ways[w.intn(n)]
		w.maze[at+d], w.maze[at+2*d] = false, false
		stack = append(stack, at+2*d)
	}
	for range mazeSize * mazeSize / 12 {
		x, y := 1+w.intn(mazeSize-2), 1+w.intn(mazeSize-2)
		w.maze[y*mazeSize+x] = false
	}
}

func (w *world) freeCell() int {
	for {
		if c := w.intn(len(w.maze)); !w.maze[c] {
			return c
		}
	}
}

// Frame simulates and draws one frame.
func (w *world) Frame() {
	w.mem.Begin()
	end := w.mem.Tag("ai")
	w.findPaths()
	end()
	end = w.mem.Tag("physics")
	w.collide()
	end()
	end = w.mem.Tag("render")
	w.draw()
	end()
	end = w.mem.Tag("hud")
	w.drawHUD()
	end()
	w.mem.End()
	w.frame++
}

func (w *world) Image() *image.RGBA { return w.image }
func (w *world) Tags() []Tag        { return w.mem.Tags() }
func (w *world) Close()             { w.mem.Close(); w.live = nil }
