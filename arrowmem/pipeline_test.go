package arrowmem_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

var trades = arrow.NewSchema([]arrow.Field{
	{Name: "id", Type: arrow.PrimitiveTypes.Int64},
	{Name: "symbol", Type: arrow.BinaryTypes.String},
	{Name: "price", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "buy", Type: arrow.FixedWidthTypes.Boolean},
	{Name: "levels", Type: arrow.ListOf(arrow.PrimitiveTypes.Int32)},
}, nil)

var symbols = func() (s [64]string) {
	for i := range s {
		s[i] = "SYM" + strconv.Itoa(i*i)
	}
	return s
}()

// build makes a record of trades, a fifth of whose prices are missing. Its columns
// grow as they are filled.
func build(mem memory.Allocator, rows int) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, trades)
	defer b.Release()
	id, symbol, price := b.Field(0).(*array.Int64Builder), b.Field(1).(*array.StringBuilder), b.Field(2).(*array.Float64Builder)
	buy, levels := b.Field(3).(*array.BooleanBuilder), b.Field(4).(*array.ListBuilder)
	level := levels.ValueBuilder().(*array.Int32Builder)
	for i := range rows {
		id.Append(int64(i))
		symbol.Append(symbols[i%len(symbols)])
		if i%5 == 0 {
			price.AppendNull()
		} else {
			price.Append(float64(i%1000) / 4)
		}
		buy.Append(i%3 == 0)
		levels.Append(true)
		for k := range i % 4 {
			level.Append(int32(i + k))
		}
	}
	return b.NewRecordBatch()
}

// A pipeline builds records of trades, keeps the expensive ones, writes those in the
// IPC format, reads them again, and sums up.
type pipeline struct {
	rows   int
	stream bytes.Buffer // kept, as a connection keeps its own
	reader bytes.Reader
}

type result struct {
	rows  int64
	price float64
	ids   int64
	level int64
	text  int
}

func (p *pipeline) run(mem memory.Allocator) (sum result, err error) {
	record := build(mem, p.rows)
	defer record.Release()
	kept, err := expensive(mem, record)
	if err != nil {
		return sum, err
	}
	defer kept.Release()
	return p.through(mem, kept)
}

// expensive filters by price. Both functions run on goroutines of Arrow's.
func expensive(mem memory.Allocator, record arrow.RecordBatch) (arrow.RecordBatch, error) {
	ctx := compute.WithAllocator(context.Background(), mem)
	price := compute.NewDatumWithoutOwning(record.Column(2))
	mask, err := compute.CallFunction(ctx, "greater", nil, price, compute.NewDatum(100.0))
	if err != nil {
		return nil, err
	}
	defer mask.Release()
	which := mask.(*compute.ArrayDatum).MakeArray()
	defer which.Release()
	return compute.FilterRecordBatch(ctx, record, which, compute.DefaultFilterOptions())
}

// through sends a record through the IPC format and sums up what arrives.
func (p *pipeline) through(mem memory.Allocator, record arrow.RecordBatch) (sum result, err error) {
	p.stream.Reset()
	w := ipc.NewWriter(&p.stream, ipc.WithSchema(record.Schema()), ipc.WithAllocator(mem))
	if err := w.Write(record); err != nil {
		return sum, err
	}
	if err := w.Close(); err != nil {
		return sum, err
	}
	p.reader.Reset(p.stream.Bytes())
	r, err := ipc.NewReader(&p.reader, ipc.WithAllocator(mem))
	if err != nil {
		return sum, err
	}
	defer r.Release()
	for r.Next() {
		sum.add(r.RecordBatch())
	}
	return sum, r.Err()
}

func (sum *result) add(record arrow.RecordBatch) {
	sum.rows += record.NumRows()
	for _, id := range record.Column(0).(*array.Int64).Int64Values() {
		sum.ids += id
	}
	symbol := record.Column(1).(*array.String)
	price := record.Column(2).(*array.Float64)
	for i := range price.Len() {
		sum.text += len(symbol.Value(i))
		if price.IsValid(i) {
			sum.price += price.Value(i)
		}
	}
	for _, l := range record.Column(4).(*array.List).ListValues().(*array.Int32).Int32Values() {
		sum.level += int64(l)
	}
}

// expected is what the pipeline must come to, worked out without Arrow.
func expected(rows int) (sum result) {
	for i := range rows {
		price := float64(i%1000) / 4
		if i%5 == 0 || price <= 100 {
			continue
		}
		sum.rows++
		sum.ids += int64(i)
		sum.text += len(symbols[i%len(symbols)])
		sum.price += price
		for k := range i % 4 {
			sum.level += int64(i + k)
		}
	}
	return sum
}

func (p *pipeline) check(mem memory.Allocator) error {
	got, err := p.run(mem)
	if want := expected(p.rows); err == nil && got != want {
		return fmt.Errorf("came to %+v, want %+v", got, want)
	}
	return err
}
