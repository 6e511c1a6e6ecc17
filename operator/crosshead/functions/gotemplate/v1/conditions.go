// Package v1 holds the condition that templates get from getResourceCondition. Its name and the names of its types
// show in what templates print (typeOf) and in error texts, so they are those of the Kubernetes and Crossplane APIs.
package v1

import (
	"encoding/json"
	"time"
)

// ConditionType names a condition.
type ConditionType string

// ConditionReason says in one word why a condition is as it is.
type ConditionReason string

// ConditionStatus is True, False or Unknown.
type ConditionStatus string

// Condition is a condition of a resource.
type Condition struct {
	Type               ConditionType   `json:"type"`
	Status             ConditionStatus `json:"status"`
	LastTransitionTime Time            `json:"lastTransitionTime"`
	Reason             ConditionReason `json:"reason"`
	Message            string          `json:"message,omitempty"`
	ObservedGeneration int64           `json:"observedGeneration,omitempty"`
}

// Conditioned is the part of a status that holds the conditions.
type Conditioned struct {
	Conditions []Condition `json:"conditions,omitempty"`
}

// Of returns the condition of type named; Unknown when there is none.
func (c Conditioned) Of(named ConditionType) Condition {
	for _, condition := range c.Conditions {
		if condition.Type == named {
			return condition
		}
	}
	return Condition{Type: named, Status: "Unknown"}
}

// Time is a time to the second, null when it is zero.
type Time struct {
	time.Time
}

// UnmarshalJSON reads null and RFC 3339.
func (t *Time) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		t.Time = time.Time{}
		return nil
	}
	var told string
	if err := json.Unmarshal(text, &told); err != nil {
		return err
	}
	read, err := time.Parse(time.RFC3339, told)
	t.Time = read.Local()
	return err
}

// MarshalJSON writes null and RFC 3339.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(time.RFC3339))
}
