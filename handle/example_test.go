package handle_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/handle"
)

func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	type Unit struct {
		Name   string
		Target handle.Handle[Unit] // a pointer would keep the dead alive
	}
	units := handle.NewTable[Unit](alloc, handle.Config{Name: "units"})
	rat := units.NewValue(Unit{Name: "rat"})
	knight := units.NewValue(Unit{Name: "knight", Target: rat})

	units.Free(rat)
	if target, ok := units.Lookup(units.Get(knight).Target); ok {
		fmt.Println("after the", target.Name)
	} else {
		fmt.Println("the target is gone")
	}
	// Output: the target is gone
}

func ExampleTable_Compact() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	meshes := handle.NewTable[float32](alloc, handle.Config{Name: "meshes"})
	tree, rock := meshes.NewSlice(300), meshes.NewSlice(500)
	meshes.Slice(rock)[0] = 7

	meshes.Free(tree) // leaves a gap in front of the rock
	fmt.Println(meshes.Compact(64*framealloc.KiB), "bytes moved, the rock begins with", meshes.Slice(rock)[0])
	fmt.Println(meshes.Compact(64*framealloc.KiB), "bytes moved")
	// Output:
	// 2000 bytes moved, the rock begins with 7
	// 0 bytes moved
}

func ExampleTable_Pin() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	sounds := handle.NewTable[int16](alloc, handle.Config{})
	silence, step := sounds.NewSlice(100), sounds.NewSlice(4)
	samples := sounds.Pin(step) // another goroutine plays them
	sounds.Free(silence)
	sounds.Compact(0)
	samples[0] = 9
	fmt.Println("still in place:", sounds.Slice(step)[0])
	sounds.Unpin(step)
	// Output: still in place: 9
}

func ExampleTable_Get() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	doors := handle.NewTable[bool](alloc, handle.Config{Name: "doors"})
	door := doors.New()
	doors.Free(door)
	defer func() {
		err := recover().(error)
		fmt.Println(errors.Is(err, diag.FA401))
	}()
	*doors.Get(door) = true
	// Output: true
}

func ExampleTable_Resize() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	inventories := handle.NewTable[string](alloc, handle.Config{})
	bag := inventories.NewSlice(1)
	inventories.Slice(bag)[0] = "lamp"
	inventories.Resize(bag, 2)[1] = "rope" // the handle stays the same
	fmt.Println(inventories.Slice(bag))
	// Output: [lamp rope]
}

func ExampleTable_All() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	arrows := handle.NewTable[int](alloc, handle.Config{})
	for i := range 6 {
		arrows.NewValue(i)
	}
	for h, flown := range arrows.All() {
		if *flown%2 == 0 {
			arrows.Free(h)
		}
	}
	fmt.Println(arrows.Len(), "still fly")
	// Output: 3 still fly
}
