// Command gotemplate renders Go templates as function-go-templating does, inside a WebAssembly module: without files,
// environment or network, and within the time and memory that its host grants.
//
// The host (go_core.py) writes a question as JSON into memory that it gets from gt_alloc, calls gt_render, and
// reads the answer, JSON too. Everything whose texts people see (templates, YAML, JSON) is done here, by the libraries
// that the real function uses; what the answer means for the pipeline is said in documents.go.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	_ "time/tzdata" // dateInZone must know the zones, and there are no files here
	"unsafe"
)

// Question is what the host asks. Request is the RunFunctionRequest in its proto3 JSON form. With Groups it is about a
// message of function-status-transformer instead, and the answer is a Message.
type Question struct {
	Template string          `json:"template"`
	Left     string          `json:"left"`
	Right    string          `json:"right"`
	Options  []string        `json:"options"`
	Request  json.RawMessage `json:"request"`

	Groups map[string]string `json:"groups"`
}

// memory holds the buffers that the host has not given back yet, so that they are not collected.
var memory = map[uintptr][]byte{}

// Collect garbage harder before the host's limit on memory (256 MiB) ends the instance.
const softMemoryLimit = 160 << 20

func init() {
	debug.SetMemoryLimit(softMemoryLimit)
}

func main() {}

//go:wasmexport gt_alloc
func alloc(size uint32) unsafe.Pointer {
	return keep(make([]byte, size+1))
}

//go:wasmexport gt_free
func free(address unsafe.Pointer) {
	delete(memory, uintptr(address))
}

// render answers the question of size bytes at address, and returns the answer's size (upper half) and address.
//
//go:wasmexport gt_render
func render(address unsafe.Pointer, size uint32) uint64 {
	text, err := json.Marshal(answer(memory[uintptr(address)][:size]))
	if err != nil {
		text, _ = json.Marshal(fatal(fmt.Errorf("cannot encode what was rendered: %w", err)))
	}
	return uint64(len(text))<<32 | uint64(uintptr(keep(append(text, 0))))
}

func keep(buffer []byte) unsafe.Pointer {
	address := unsafe.Pointer(unsafe.SliceData(buffer))
	memory[uintptr(address)] = buffer
	return address
}

func answer(text []byte) any {
	var question Question
	if err := json.Unmarshal(text, &question); err != nil {
		return fatal(fmt.Errorf("cannot decode the question: %w", err))
	}
	if question.Groups != nil {
		return question.message()
	}
	return question.response()
}

func (q Question) response() *Response {
	request, err := requestData(q.Request)
	if err != nil {
		return fatal(fmt.Errorf("cannot convert request to map: %w", err))
	}
	rendered, err := q.rendered(request)
	if err != nil {
		return fatal(err)
	}
	documents, err := decodeDocuments(rendered)
	if err != nil {
		return fatal(err)
	}
	return meaning(documents, request)
}

// fatal returns the response that says nothing but what went wrong.
func fatal(err error) *Response {
	return (&Response{}).failed(err)
}

var errTooLong = errors.New("the templates render more than 16 MiB")
