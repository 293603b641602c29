package world

import (
	"math"

	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// The looks of sparks besides those of the foes, whose kinds are looks, too.
const (
	sparkHit uint8 = iota + uint8(foeKinds)
	sparkHurt
	SparkLooks // how many there are
)

// spray makes sparks that fly apart.
func (w *World) spray(p Pos, n int, look uint8, speed float32) {
	for range n {
		sin, cos := math.Sincos(w.random.Float64() * 2 * math.Pi)
		v := speed * (0.3 + w.random.Float32())
		life := int16(14 + w.random.IntN(22))
		w.sparks.add(p, Vel{v * float32(cos), v * float32(sin)}, Spark{Life: life, Span: life, Look: look, Size: 1.5 + w.random.Float32()*2})
	}
}

// moveSparks moves the particles and the numbers, until they are spent.
func (t *tick) moveSparks() {
	defer t.m.Tag("sparks")()
	spent := mem.List[ecs.Entity](t.m, maxSparks)
	sparks := t.sparks.filter.Query()
	for sparks.Next() {
		pos, vel, spark := sparks.Get()
		pos.X, pos.Y = pos.X+vel.X, pos.Y+vel.Y
		vel.X, vel.Y = vel.X*0.93, vel.Y*0.93
		if spark.Life--; spark.Life <= 0 {
			spent = append(spent, sparks.Entity())
		}
	}
	t.sparks.remove(t.ecs, spent)

	read := mem.List[ecs.Entity](t.m, maxNumbers)
	numbers := t.numbers.filter.Query()
	for numbers.Next() {
		pos, vel, number := numbers.Get()
		pos.Y += vel.Y
		vel.Y *= 0.94
		if number.Life--; number.Life <= 0 {
			read = append(read, numbers.Entity())
		}
	}
	t.numbers.remove(t.ecs, read)
}
