package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dario.cat/mergo"

	v1 "crosshead/gotemplate/v1"
)

const metaAPIVersion = "meta.gotemplating.fn.crossplane.io/v1alpha1"

// TargetedCondition is a condition for the composite, or for the claim too.
type TargetedCondition struct {
	v1.Condition `json:",inline"`
	Target       CompositionTarget `json:"target"`
}

// CompositionTarget says whom a condition is for.
type CompositionTarget string

// ExtraResourcesRequirements are the resources that the templates ask for, by the keys they want them under.
type ExtraResourcesRequirements map[string]ExtraResourcesRequirement

// ExtraResourcesRequirement asks for resources by name or by labels.
type ExtraResourcesRequirement struct {
	APIVersion  string            `json:"apiVersion"`
	Kind        string            `json:"kind"`
	MatchLabels map[string]string `json:"matchLabels,omitempty"`
	MatchName   string            `json:"matchName,omitempty"`
	Namespace   string            `json:"namespace,omitempty"`
}

// The statuses and the values of the annotation "ready" in the words of the protocol.
var (
	statuses = map[v1.ConditionStatus]string{"True": "STATUS_CONDITION_TRUE", "False": "STATUS_CONDITION_FALSE"}
	readies  = map[string]string{"True": "READY_TRUE", "False": "READY_FALSE", "Unspecified": "READY_UNSPECIFIED"}
	reserved = []v1.ConditionType{"Ready", "Synced", "Healthy"}
)

// meaning returns what the rendered documents say about the composite, its resources and the pipeline.
func meaning(documents []*Document, request map[string]any) *Response {
	response := &Response{request: request}
	response.Desired.Composite = &Resource{
		Resource:          maps.Clone(object(request, "desired", "composite", "resource")),
		ConnectionDetails: map[string][]byte{},
	}
	for _, document := range documents {
		if err := response.take(document); err != nil {
			return response.failed(err)
		}
	}
	return response.finished()
}

func (r *Response) take(document *Document) error {
	annotations, _ := document.annotations()
	named, hasName := annotations[annotationName]
	composite := getCompositeResource(r.request)
	switch {
	case document.apiVersion() == metaAPIVersion:
		return r.takeMeta(document)
	case !hasName && document.apiVersion() == composite["apiVersion"] && document.kind() == composite["kind"]:
		return r.takeComposite(document)
	case !hasName:
		return fmt.Errorf("%q template is missing required %q annotation", document.kind(), annotationName)
	default:
		return r.takeComposed(document, named)
	}
}

func (r *Response) takeComposed(document *Document, named string) error {
	ready, err := document.ready()
	if err != nil {
		return err
	}
	annotations := object(document.fields, "metadata", "annotations")
	delete(annotations, annotationName)
	delete(annotations, annotationReady)
	if r.Desired.Resources == nil {
		r.Desired.Resources = map[string]*Resource{}
	}
	r.Desired.Resources[named] = &Resource{Resource: document.fields, Ready: ready}
	return nil
}

func (d *Document) ready() (string, error) {
	annotations, _ := d.annotations()
	told, found := annotations[annotationReady]
	ready, known := readies[told]
	if found && !known {
		return "", fmt.Errorf("invalid function input: invalid %q annotation value %q: must be True, False, or Unspecified",
			annotationReady, told)
	}
	return ready, nil
}

// takeComposite takes the status, and only that, of what has the kind of the composite and no resource name.
func (r *Response) takeComposite(document *Document) error {
	ready, err := document.ready()
	if err != nil {
		return err
	}
	if ready != "" {
		r.Desired.Composite.Ready = ready
	}
	told, found := document.fields["status"]
	if !found {
		return nil
	}
	var status map[string]any
	if err := into(told, &status); err != nil {
		return fmt.Errorf("cannot get templated composite status: %w", err)
	}
	desired := r.Desired.Composite
	if desired.Resource == nil {
		desired.Resource = map[string]any{}
	}
	merged, err := merge(object(desired.Resource, "status"), status)
	if err != nil {
		return fmt.Errorf("cannot merge templated composite status: %w", err)
	}
	desired.Resource["status"] = merged
	return nil
}

func (r *Response) takeMeta(document *Document) error {
	switch document.kind() {
	case "CompositeConnectionDetails":
		r.takeConnectionDetails(document)
		return nil
	case "ClaimConditions":
		return r.takeConditions(document)
	case "Context":
		return r.takeContext(document)
	case "ExtraResources":
		return r.takeRequirements(document)
	default:
		return fmt.Errorf("invalid kind %q for apiVersion %q - must be one of CompositeConnectionDetails, Context or "+
			"ExtraResources", document.kind(), metaAPIVersion)
	}
}

// takeConnectionDetails keeps what can be decoded of each value, and nothing at all if one is no text.
func (r *Response) takeConnectionDetails(document *Document) {
	details := map[string][]byte{}
	for key, value := range object(document.fields, "data") {
		text, ok := value.(string)
		if !ok {
			return
		}
		details[key], _ = base64.StdEncoding.DecodeString(text)
	}
	maps.Copy(r.Desired.Composite.ConnectionDetails, details)
}

func (r *Response) takeConditions(document *Document) error {
	var conditions []TargetedCondition
	if err := document.field("conditions", &conditions); err != nil {
		return fmt.Errorf("cannot get Conditions from input: %w", err)
	}
	for _, condition := range conditions {
		if slices.Contains(reserved, condition.Type) {
			return fmt.Errorf("cannot set ClaimCondition type: %s is a reserved Crossplane Condition", condition.Type)
		}
		r.Conditions = append(r.Conditions, condition.told())
	}
	return nil
}

func (c TargetedCondition) told() Condition {
	told := Condition{Type: string(c.Type), Status: statuses[c.Status], Reason: string(c.Reason),
		Message: c.Message, Target: "TARGET_COMPOSITE"}
	if told.Status == "" {
		told.Status = "STATUS_CONDITION_UNKNOWN"
	}
	if c.Target == "CompositeAndClaim" {
		told.Target = "TARGET_COMPOSITE_AND_CLAIM"
	}
	return told
}

func (r *Response) takeContext(document *Document) error {
	var data map[string]any
	if err := document.field("data", &data); err != nil {
		return fmt.Errorf("cannot get Contexts from input: %w", err)
	}
	for key := range data {
		merged, err := merge(r.context(), map[string]any{key: document.fields["data"].(map[string]any)[key]})
		if err != nil {
			return fmt.Errorf("cannot merge Context: %w", err)
		}
		r.Context = merged
	}
	return nil
}

func (r *Response) takeRequirements(document *Document) error {
	var wanted ExtraResourcesRequirements
	if err := document.field("requirements", &wanted); err != nil {
		return fmt.Errorf("cannot get extra resources requirements: %w", err)
	}
	if r.requirements == nil {
		r.requirements = &Requirements{ExtraResources: map[string]Selector{}, Resources: map[string]Selector{}}
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if _, taken := r.requirements.ExtraResources[key]; taken {
			return fmt.Errorf("duplicate extra resource key %q", key)
		}
		selector := wanted[key].selector()
		r.requirements.Resources[key] = selector
		// Who reads the older field knows no namespaces.
		if wanted[key].Namespace == "" {
			r.requirements.ExtraResources[key] = selector
		}
	}
	return nil
}

// selector returns the requirement in the words of the protocol. A name wins over labels, and only a name may have a namespace.
func (e ExtraResourcesRequirement) selector() Selector {
	selector := Selector{APIVersion: e.APIVersion, Kind: e.Kind}
	if e.MatchName == "" {
		selector.MatchLabels = &Labels{Labels: e.MatchLabels}
	} else {
		selector.MatchName = e.MatchName
		selector.Namespace = e.Namespace
	}
	return selector
}

// field reads the field of that name into target.
func (d *Document) field(named string, target any) error {
	told, found := d.fields[named]
	if !found {
		return errors.New(named + ": no such field")
	}
	return into(told, target)
}

// merge returns what is in either map, of what is in both that of the second, maps within maps merged likewise.
func merge(first, second map[string]any) (map[string]any, error) {
	merged := map[string]any{}
	copied, _ := numbers(first, integral).(map[string]any)
	maps.Copy(merged, copied)
	return merged, mergo.Merge(&merged, second, mergo.WithOverride)
}
