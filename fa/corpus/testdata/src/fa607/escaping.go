package fa607

import (
	"container/heap"
	"container/list"
	"fmt"
	"io"
	"os"
	"sort"

	"github.com/framealloc/framealloc"
)

type node struct {
	next *node
	cost int
}

type drawable interface{ draw(layer int) }

type sprite struct{ x, y, z int }

func (s sprite) draw(layer int) {}

// A list made by pushing to its front: each node is older than its turn.
func chain(f *framealloc.Frame, costs []int) (sum int) {
	var head *node
	for _, c := range costs {
		head = &node{head, c} // bad FA607
	}
	for n := head; n != nil; n = n.next {
		sum += n.cost
	}
	return sum
}

func collected(f *framealloc.Frame, n int) (sum int) {
	open := framealloc.SliceCap[*node](f, 0, n)
	for i := range n {
		p := new(node) // bad FA607
		p.cost = i
		open = append(open, p)
	}
	for _, p := range open {
		sum += p.cost
	}
	return sum
}

// Frame memory holds on to it.
func hung(f *framealloc.Frame) int {
	root := framealloc.New[node](f)
	root.next = &node{cost: 1} // bad FA607
	return root.next.cost
}

func byValue(f *framealloc.Frame) int {
	root := framealloc.NewValue(f, node{next: &node{cost: 2}}) // bad FA607
	return root.next.cost
}

func addressed(f *framealloc.Frame, costs []int) int {
	byCost := framealloc.NewMap[int, *node](f, len(costs))
	for _, c := range costs {
		n := node{cost: c} // bad FA607
		byCost.Put(c, &n)
	}
	n, _ := byCost.Get(costs[0])
	return n.cost
}

// What a function of this package does with it puts it on the heap.
func insert(list []*node, n *node) {
	for i := range list {
		if list[i] == nil {
			list[i] = n
			return
		}
	}
}

func inserted(f *framealloc.Frame) int {
	slots := framealloc.Slice[*node](f, 8)
	n := new(node) // bad FA607
	n.cost = 3
	insert(slots, n)
	return slots[0].cost
}

func large(f *framealloc.Frame) byte {
	field := new([1 << 17]byte) // bad FA607
	for i := range field {
		field[i] = byte(i)
	}
	tiles := make([]byte, 1<<17) // bad FA607
	copy(tiles, field[:])
	return tiles[f.Used()]
}

// Interfaces.
func layers(f *framealloc.Frame, n int) int {
	list := framealloc.SliceCap[drawable](f, 0, n)
	for i := range n {
		list = append(list, sprite{x: i}) // bad FA607
	}
	for i, d := range list {
		d.draw(i)
	}
	return len(list)
}

// drawTwice is too large to be copied into its callers.
func drawTwice(d drawable, first, second int) {
	d.draw(first)
	for i := first; i < second; i++ {
		d.draw(i)
	}
	d.draw(second)
}

func drawn(f *framealloc.Frame, s sprite) {
	drawTwice(s, 1, 4) // bad FA607
}

func status(f *framealloc.Frame, hp, ammo int) int {
	out := framealloc.NewBuffer(f)
	fmt.Fprintf(out, "hp %d, ammo %d", hp, ammo) // bad FA607
	return len(out.Bytes())
}

type frontier []sprite

func (q frontier) Len() int           { return len(q) }
func (q frontier) Less(i, j int) bool { return q[i].z < q[j].z }
func (q frontier) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *frontier) Push(x any)        { *q = append(*q, x.(sprite)) }
func (q *frontier) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

func searched(f *framealloc.Frame, all []sprite) int {
	q := frontier(framealloc.SliceCap[sprite](f, 0, len(all)))
	for _, s := range all {
		heap.Push(&q, s) // bad FA607
	}
	return q.Len()
}

func queued(f *framealloc.Frame, all []sprite) int {
	var q list.List
	for _, s := range all {
		q.PushBack(s) // bad FA607
	}
	return q.Len()
}

// Functions.
func jobs(f *framealloc.Frame, all []sprite) (sum int) {
	todo := framealloc.SliceCap[func()](f, 0, len(all))
	for _, s := range all {
		todo = append(todo, func() { sum += s.x }) // bad FA607
	}
	for _, do := range todo {
		do()
	}
	return sum
}

// Strings.
func joined(f *framealloc.Frame, words []string) int {
	line := ""
	for _, w := range words {
		line = line + w + " " // bad FA607
	}
	return len(line)
}

func named(f *framealloc.Frame, words []string) int {
	names := framealloc.Slice[string](f, len(words))
	for i, w := range words {
		names[i] = "unit " + w // bad FA607
	}
	return len(names)
}

func decoded(f *framealloc.Frame, packets [][]byte) int {
	byName := framealloc.NewMap[string, int](f, len(packets))
	for i, p := range packets {
		byName.Put(string(p), i) // bad FA607
	}
	n, _ := byName.Get("hello")
	return n
}

// good FA607, no memory: literals and new that stay on the stack
func onStack(f *framealloc.Frame, costs []int) (sum int) {
	for _, c := range costs {
		n := &node{cost: c}
		m := new(node)
		m.cost = n.cost
		sum += m.cost + f.Used()
	}
	var slots [4]*node
	slots[0] = &node{cost: 1}
	return sum + slots[0].cost
}

type fleet struct {
	head  *node
	all   []drawable
	later func() int
	label string
	notes []any
}

// good FA607: it belongs to something that lives on
func (w *fleet) grow(f *framealloc.Frame, n int, s sprite, name string) *node {
	w.head = &node{w.head, n}
	w.all = append(w.all, s)
	w.later = func() int { return n }
	w.label = "fleet " + name
	w.notes = append(w.notes, n, name)
	return &node{cost: f.Used()}
}

// good FA607: it goes to functions that may keep it
func handed(f *framealloc.Frame, visit func(*node), to drawable, sink interface{ put(any) }, c chan *node) {
	visit(&node{cost: 1})
	sink.put(sprite{x: f.Used()})
	c <- new(node)
}

// good FA607: interfaces that need no memory
func pointers(f *framealloc.Frame, s *sprite, ok bool) int {
	list := framealloc.SliceCap[any](f, 0, 8)
	list = append(list, s, ok, 7, "seven", struct{}{})
	return len(list)
}

func nudge(d drawable) { d.draw(1) }

// good FA607, no memory: the compiler knows what is in the interface
func inlined(f *framealloc.Frame, s sprite) {
	nudge(s)
	drawable(s).draw(f.Used())
}

// good FA607, no memory: a function literal that is only called
func called(f *framealloc.Frame, all []sprite) int {
	sum := 0
	add := func(s sprite) { sum += s.x }
	for _, s := range all {
		add(s)
	}
	sort.Ints(nil)
	f.Sub(func(*framealloc.Frame) { sum++ })
	return sum
}

func tried(f *framealloc.Frame, attempt func() error) int {
	return f.Used()
}

// good FA607, no memory: the variable of a loop that is only captured
func attempts(f *framealloc.Frame, s sprite) (n int) {
	for seed := 1; n < 8; seed++ {
		n += tried(f, func() error { s.x += seed; return nil })
	}
	return n
}

// good FA607, no memory: strings that need no memory
func compared(f *framealloc.Frame, m map[string]int, key []byte, a, b string) int {
	n := m[string(key)]
	if string(key) == a || a+b == "ab" {
		n++
	}
	for i := range []byte(a) {
		n += i
	}
	return n
}

// good FA607: the console is for people
func printed(f *framealloc.Frame, n int) {
	fmt.Println("units", n)
	fmt.Fprintln(os.Stderr, n, f.Number())
	var w io.Writer = os.Stdout
	fmt.Fprint(w, "constant")
}

// good FA607: an error's own literal
type notFound struct{ id int }

func (e *notFound) Error() string { return "not found" }

func find(f *framealloc.Frame, all []sprite, id int) (*sprite, error) {
	for i := range all {
		if all[i].x == id {
			return &all[i], nil
		}
	}
	return nil, &notFound{id}
}

// good FA607: a variable that lives on
func kept(f *framealloc.Frame, keep *fleet, n int) {
	local := node{cost: n}
	keep.head = &local
}
