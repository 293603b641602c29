package peers

import "testing"

// BenchmarkPeers measures every case of every peer in the manner of testing.B, one
// after the other, for benchstat:
//
//	go test -run '^$' -bench 'Peers/case=64B/' -count 10 ./peers | tee out.txt
//	benchstat -col /impl out.txt
//
// ns/op is for one operation, of which a frame holds many. The command in the
// directory above interleaves, and is less at the mercy of a noisy machine.
func BenchmarkPeers(b *testing.B) {
	for _, c := range Cases() {
		for _, p := range All() {
			run := p.New().Runs[c]
			if run == nil {
				continue
			}
			b.Run("case="+string(c)+"/impl="+p.Name, func(b *testing.B) {
				b.ReportAllocs()
				run(1)
				b.ResetTimer()
				run(b.N)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.Operations()), "ns/op")
			})
		}
	}
}
