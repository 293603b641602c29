package arkframe_test

import (
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// What is collected is what the query says, in its order.
func TestCollect(t *testing.T) {
	w, fs, diags := install(t)
	populate(w, 300)
	filter := ecs.NewFilter2[pos, vel](w).Without(ecs.C[name]())
	fs.Step(func(f *framealloc.Frame) {
		rows, copied, tables := arkframe.Rows2(f, filter), arkframe.Copy2(f, filter), arkframe.Tables2(f, filter)
		if len(tables) != 2 {
			t.Errorf("%d tables, want those with and without frozen", len(tables))
		}
		i, table, at := 0, 0, 0
		for q := filter.Query(); q.Next(); i++ {
			e := q.Entity()
			p, v := q.Get()
			if at == tables[table].Len() {
				table, at = table+1, 0
			}
			in := tables[table]
			if rows[i] != (arkframe.Row2[pos, vel]{Entity: e, A: p, B: v}) {
				t.Errorf("row %d: %v", i, rows[i])
			}
			if copied.Entities[i] != e || copied.A[i] != *p || copied.B[i] != *v || &copied.A[i] == p {
				t.Errorf("copy %d: %v %v %v", i, copied.Entities[i], copied.A[i], copied.B[i])
			}
			if in.Entities[at] != e || &in.A[at] != p || &in.B[at] != v {
				t.Errorf("table %d, entity %d: %v %v %v", table, at, in.Entities[at], in.A[at], in.B[at])
			}
			at++
		}
		if i != len(rows) || i != copied.Len() || table != 1 || i == 0 {
			t.Errorf("%d rows, %d copied, of %d", len(rows), copied.Len(), i)
		}
		if got := arkframe.Entities(f, ecs.NewFilter0(w).With(ecs.C[name]())); len(got) != 43 {
			t.Errorf("%d entities with names, want 43", len(got))
		}
		if len(arkframe.Rows2(f, ecs.NewFilter2[pos, childOf](w))) != 0 {
			t.Error("rows of nothing")
		}
	})
	if w.IsLocked() {
		t.Error("the world is locked")
	}
	diags.RequireNone()
}

// Copies are the frame's own, and stay as they are when the world changes.
func TestCopiesSurviveChanges(t *testing.T) {
	w, fs, _ := install(t)
	populate(w, 100)
	filter := ecs.NewFilter1[pos](w)
	fs.Step(func(f *framealloc.Frame) {
		copied := arkframe.Copy1(f, filter)
		sum := 0.0
		w.RemoveEntities(filter.Batch(), nil)
		populate(w, 300)
		for _, p := range copied.A {
			sum += p.X
		}
		if sum != 99*100/2 {
			t.Errorf("sum %v of the copies", sum)
		}
	})
}

// Queries and parallel queries take relations.
func TestRelationsRestrict(t *testing.T) {
	w, fs, _ := install(t)
	m := ecs.NewMap2[pos, childOf](w)
	parents := [2]ecs.Entity{w.NewEntity(), w.NewEntity()}
	for i := range 10 {
		m.NewEntity(&pos{X: float64(i)}, &childOf{}, ecs.RelIdx(1, parents[i%2]))
	}
	filter := ecs.NewFilter2[pos, childOf](w)
	fs.Step(func(f *framealloc.Frame) {
		for k, parent := range parents {
			to := ecs.Rel[childOf](parent)
			rows, copied, tables := arkframe.Rows2(f, filter, to), arkframe.Copy2(f, filter, to), arkframe.Tables2(f, filter, to)
			if len(rows) != 5 || copied.Len() != 5 || len(tables) != 1 || int(rows[0].A.X)%2 != k {
				t.Errorf("%d rows, %d copied, %d tables", len(rows), copied.Len(), len(tables))
			}
			arkframe.Parallel2(fs.Commands(), filter, func(c *arkframe.Commands, t arkframe.Table2[pos, childOf]) {
				for i := range t.A {
					t.A[i].Y = float64(k + 1)
				}
			}, to)
		}
		for q := filter.Query(); q.Next(); {
			if p, _ := q.Get(); int(p.Y) != 1+int(p.X)%2 {
				t.Errorf("%v", p)
			}
		}
	})
}

// Frame memory that runs out leaves no query open.
func TestExhaustedFrameLeavesTheWorldUnlocked(t *testing.T) {
	c := diag.NewCollector(t)
	w, fs, _ := install(t, arkframe.WithConfig(framealloc.Config{MaxFrameBytes: 1024, Reporter: c.Reporter()}))
	populate(w, 1000)
	filter := ecs.NewFilter2[pos, vel](w)
	fs.Step(func(f *framealloc.Frame) {
		requirePanic(t, diag.FA003, func() { arkframe.Rows2(f, filter) })
		requirePanic(t, diag.FA003, func() { arkframe.Copy2(f, filter) })
		if w.IsLocked() {
			t.Error("the world is locked")
		}
	})
}

type (
	c1 struct{ V int }
	c2 struct{ V int }
	c3 struct{ V int }
	c4 struct{ V int }
	c5 struct{ V int }
	c6 struct{ V int }
	c7 struct{ V int }
	c8 struct{ V int }
)

// Every number of components puts each in its place: created by command, collected in
// each way, changed in parallel.
func TestEveryNumberOfComponents(t *testing.T) {
	w, fs, diags := install(t)
	m8, f8 := ecs.NewMap8[c1, c2, c3, c4, c5, c6, c7, c8](w), ecs.NewFilter8[c1, c2, c3, c4, c5, c6, c7, c8](w)
	c := fs.Commands()
	fs.Begin()
	arkframe.Create1(c, ecs.NewMap1[c1](w), c1{1})
	arkframe.Create2(c, ecs.NewMap2[c1, c2](w), c1{1}, c2{2})
	arkframe.Create3(c, ecs.NewMap3[c1, c2, c3](w), c1{1}, c2{2}, c3{3})
	arkframe.Create4(c, ecs.NewMap4[c1, c2, c3, c4](w), c1{1}, c2{2}, c3{3}, c4{4})
	arkframe.Create5(c, ecs.NewMap5[c1, c2, c3, c4, c5](w), c1{1}, c2{2}, c3{3}, c4{4}, c5{5})
	arkframe.Create6(c, ecs.NewMap6[c1, c2, c3, c4, c5, c6](w), c1{1}, c2{2}, c3{3}, c4{4}, c5{5}, c6{6})
	arkframe.Create7(c, ecs.NewMap7[c1, c2, c3, c4, c5, c6, c7](w), c1{1}, c2{2}, c3{3}, c4{4}, c5{5}, c6{6}, c7{7})
	arkframe.Create8(c, m8, c1{1}, c2{2}, c3{3}, c4{4}, c5{5}, c6{6}, c7{7}, c8{8})
	if got := fs.End(); got.Done != 8 {
		t.Fatalf("%+v", got)
	}

	fs.Begin()
	f := fs.Frame()
	f1, f2, f3, f4 := ecs.NewFilter1[c1](w), ecs.NewFilter2[c1, c2](w), ecs.NewFilter3[c1, c2, c3](w), ecs.NewFilter4[c1, c2, c3, c4](w)
	f5, f6, f7 := ecs.NewFilter5[c1, c2, c3, c4, c5](w), ecs.NewFilter6[c1, c2, c3, c4, c5, c6](w), ecs.NewFilter7[c1, c2, c3, c4, c5, c6, c7](w)
	counts := [...]struct{ rows, copied, tables int }{
		{len(arkframe.Rows1(f, f1)), arkframe.Copy1(f, f1).Len(), len(arkframe.Tables1(f, f1))},
		{len(arkframe.Rows2(f, f2)), arkframe.Copy2(f, f2).Len(), len(arkframe.Tables2(f, f2))},
		{len(arkframe.Rows3(f, f3)), arkframe.Copy3(f, f3).Len(), len(arkframe.Tables3(f, f3))},
		{len(arkframe.Rows4(f, f4)), arkframe.Copy4(f, f4).Len(), len(arkframe.Tables4(f, f4))},
		{len(arkframe.Rows5(f, f5)), arkframe.Copy5(f, f5).Len(), len(arkframe.Tables5(f, f5))},
		{len(arkframe.Rows6(f, f6)), arkframe.Copy6(f, f6).Len(), len(arkframe.Tables6(f, f6))},
		{len(arkframe.Rows7(f, f7)), arkframe.Copy7(f, f7).Len(), len(arkframe.Tables7(f, f7))},
		{len(arkframe.Rows8(f, f8)), arkframe.Copy8(f, f8).Len(), len(arkframe.Tables8(f, f8))},
	}
	for i, got := range counts {
		if want := 8 - i; got.rows != want || got.copied != want || got.tables != want {
			t.Errorf("%d components: %+v, want %d of each", i+1, got, want)
		}
	}
	r, k := arkframe.Rows8(f, f8)[0], arkframe.Copy8(f, f8)
	if got := [...]int{r.A.V, r.B.V, r.C.V, r.D.V, r.E.V, r.F.V, r.G.V, r.H.V}; got != [...]int{1, 2, 3, 4, 5, 6, 7, 8} {
		t.Errorf("row %v", got)
	}
	if got := [...]int{k.A[0].V, k.B[0].V, k.C[0].V, k.D[0].V, k.E[0].V, k.F[0].V, k.G[0].V, k.H[0].V}; got != [...]int{1, 2, 3, 4, 5, 6, 7, 8} {
		t.Errorf("copy %v", got)
	}

	arkframe.Parallel1(c, f1, func(_ *arkframe.Commands, t arkframe.Table1[c1]) { add(t.A) })
	arkframe.Parallel2(c, f2, func(_ *arkframe.Commands, t arkframe.Table2[c1, c2]) { add(t.B) })
	arkframe.Parallel3(c, f3, func(_ *arkframe.Commands, t arkframe.Table3[c1, c2, c3]) { add(t.C) })
	arkframe.Parallel4(c, f4, func(_ *arkframe.Commands, t arkframe.Table4[c1, c2, c3, c4]) { add(t.D) })
	arkframe.Parallel5(c, f5, func(_ *arkframe.Commands, t arkframe.Table5[c1, c2, c3, c4, c5]) { add(t.E) })
	arkframe.Parallel6(c, f6, func(_ *arkframe.Commands, t arkframe.Table6[c1, c2, c3, c4, c5, c6]) { add(t.F) })
	arkframe.Parallel7(c, f7, func(_ *arkframe.Commands, t arkframe.Table7[c1, c2, c3, c4, c5, c6, c7]) { add(t.G) })
	arkframe.Parallel8(c, f8, func(_ *arkframe.Commands, t arkframe.Table8[c1, c2, c3, c4, c5, c6, c7, c8]) { add(t.H) })
	if got := [...]int{r.A.V, r.B.V, r.C.V, r.D.V, r.E.V, r.F.V, r.G.V, r.H.V}; got != [...]int{11, 12, 13, 14, 15, 16, 17, 18} {
		t.Errorf("row %v after parallel changes", got)
	}
	fs.End()
	diags.RequireNone()
}

// add adds 10 to each component.
func add[T ~struct{ V int }](list []T) {
	for i := range list {
		list[i] = T{struct{ V int }(list[i]).V + 10}
	}
}
