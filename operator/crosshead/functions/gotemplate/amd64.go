package main

import (
	"errors"
	"math"
	"text/template"
)

// Where sprig turns floats into integers that cannot hold them, the machine decides what comes out. These do what the
// real function's machine does, not what WebAssembly does.
func asOnAMD64(functions template.FuncMap) {
	toInt, toInt64 := functions["int"].(func(any) int), functions["int64"].(func(any) int64)
	functions["int"] = func(value any) int {
		if number, ok := value.(float64); ok && !fits(number) {
			return math.MinInt64
		}
		return toInt(value)
	}
	functions["int64"] = func(value any) int64 {
		if number, ok := value.(float64); ok && !fits(number) {
			return math.MinInt64
		}
		return toInt64(value)
	}
	chunk := functions["mustChunk"].(func(int, any) ([][]any, error))
	inChunks := func(size int, list any) ([][]any, error) {
		if size == 0 {
			return nil, errors.New("runtime error: makeslice: len out of range")
		}
		return chunk(size, list)
	}
	functions["chunk"], functions["mustChunk"] = inChunks, inChunks
}

func fits(number float64) bool {
	return number >= math.MinInt64 && number < -math.MinInt64
}
