package main

import "maps"

// Response is what the templates come to: the RunFunctionResponse in its proto3 JSON form, with only the resources and
// connection details that they said.
type Response struct {
	Desired      State          `json:"desired"`
	Results      []Result       `json:"results,omitempty"`
	Context      map[string]any `json:"context,omitempty"`
	Requirements *Requirements  `json:"requirements,omitempty"`
	Conditions   []Condition    `json:"conditions,omitempty"`

	request      map[string]any
	requirements *Requirements
}

// State is the desired state.
type State struct {
	Composite *Resource            `json:"composite,omitempty"`
	Resources map[string]*Resource `json:"resources,omitempty"`
}

// Resource is one object with what goes with it.
type Resource struct {
	Resource          map[string]any    `json:"resource,omitempty"`
	ConnectionDetails map[string][]byte `json:"connectionDetails,omitempty"`
	Ready             string            `json:"ready,omitempty"`
}

// Result is what people shall know.
type Result struct {
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Target   string `json:"target"`
}

// Condition is a condition of the composite, and of the claim where Target says so.
type Condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message,omitempty"`
	Target  string `json:"target"`
}

// Requirements are the resources that the function wants to be called again with.
type Requirements struct {
	ExtraResources map[string]Selector `json:"extraResources,omitempty"`
	Resources      map[string]Selector `json:"resources,omitempty"`
}

// Selector says which.
type Selector struct {
	APIVersion  string  `json:"apiVersion"`
	Kind        string  `json:"kind"`
	MatchName   string  `json:"matchName,omitempty"`
	MatchLabels *Labels `json:"matchLabels,omitempty"`
	Namespace   string  `json:"namespace,omitempty"`
}

// Labels are the labels to match.
type Labels struct {
	Labels map[string]string `json:"labels,omitempty"`
}

// failed returns the response with a fatal result and without anything that is desired.
func (r *Response) failed(err error) *Response {
	fatal := Result{Severity: "SEVERITY_FATAL", Message: err.Error(), Target: "TARGET_COMPOSITE"}
	return &Response{Results: []Result{fatal}, Context: doubledMap(r.Context), Conditions: r.Conditions}
}

// finished returns the response with what is only said when all went well.
func (r *Response) finished() *Response {
	r.Requirements = r.requirements
	r.passOnExtraResources()
	r.Context = doubledMap(r.Context)
	r.Desired.Composite.Resource = doubledMap(r.Desired.Composite.Resource)
	for _, resource := range r.Desired.Resources {
		resource.Resource = doubledMap(resource.Resource)
	}
	return r
}

func (r *Response) context() map[string]any {
	if r.Context != nil {
		return r.Context
	}
	return object(r.request, "context")
}

// passOnExtraResources puts the resources that the function was given into the context, for the functions after it.
func (r *Response) passOnExtraResources() {
	received := map[string]any{}
	for _, kind := range []string{"extraResources", "requiredResources"} {
		for key, found := range object(r.request, kind) {
			received[key] = inSnakeCase(found)
		}
	}
	if len(received) == 0 {
		return
	}
	r.Context = maps.Clone(r.context())
	if r.Context == nil {
		r.Context = map[string]any{}
	}
	known := maps.Clone(object(r.Context, contextExtraResources))
	if known == nil {
		known = map[string]any{}
	}
	maps.Copy(known, received)
	r.Context[contextExtraResources] = known
}

// inSnakeCase returns what was found with the field names that it has in the context.
func inSnakeCase(found any) any {
	items, ok := at(found, "items").([]any)
	if !ok {
		return map[string]any{}
	}
	renamed := make([]any, len(items))
	for index, item := range items {
		fields := maps.Clone(item.(map[string]any))
		if details, ok := fields["connectionDetails"]; ok {
			delete(fields, "connectionDetails")
			fields["connection_details"] = details
		}
		renamed[index] = fields
	}
	return map[string]any{"items": renamed}
}

func doubledMap(value map[string]any) map[string]any {
	if value == nil {
		return nil
	}
	return doubled(value).(map[string]any)
}
