package scene

import (
	_ "embed"
	"encoding/json"
	"math"
)

// The Stanford bunny, a decimated scan in the public domain, as the npm package
// bunny 1.0.1 has it.
//
//go:embed bunny.json
var bunny []byte

type mesh struct {
	positions [][3]float32 // around the origin, about one in size
	normals   [][3]float32
	triangles [][3]int32
}

func loadMesh() *mesh {
	var file struct {
		Positions [][3]float32
		Triangles [][3]int32
	}
	if err := json.Unmarshal(bunny, &file); err != nil {
		panic("framedemo: the embedded mesh is damaged: " + err.Error())
	}
	m := &mesh{positions: file.Positions, triangles: file.Triangles}
	low, high := m.positions[0], m.positions[0]
	for _, p := range m.positions {
		for k := range 3 {
			low[k], high[k] = min(low[k], p[k]), max(high[k], p[k])
		}
	}
	size := max(high[0]-low[0], high[1]-low[1], high[2]-low[2])
	for i := range m.positions {
		for k := range 3 {
			m.positions[i][k] = (m.positions[i][k] - (low[k]+high[k])/2) / size
		}
	}
	m.normals = make([][3]float32, len(m.positions))
	for _, t := range m.triangles {
		n := cross(sub(m.positions[t[1]], m.positions[t[0]]), sub(m.positions[t[2]], m.positions[t[0]]))
		for _, v := range t {
			for k := range 3 {
				m.normals[v][k] += n[k]
			}
		}
	}
	for i, n := range m.normals {
		if l := sqrt(n[0]*n[0] + n[1]*n[1] + n[2]*n[2]); l > 0 {
			m.normals[i] = [3]float32{n[0] / l, n[1] / l, n[2] / l}
		}
	}
	return m
}

func sub(a, b [3]float32) [3]float32 { return [3]float32{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func cross(a, b [3]float32) [3]float32 {
	return [3]float32{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
