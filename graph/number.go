package graph

import (
	"fmt"
	"math"
	"strconv"
)

// Number is a figure that may be missing. Its zero value means "not given"; two Numbers compare with ==.
type Number struct{ bits uint64 } // the bits of the value, with those of missing turned over, so that zero means missing

const missing = 0x7ff8_dead_beef_0001 // a NaN that no calculation gives

// Given makes the Number of a value. NaN gives a Number that is not given.
func Given(v float64) Number {
	if math.IsNaN(v) {
		return Number{}
	}
	return Number{math.Float64bits(v+0) ^ missing} // +0 turns -0 into 0
}

// Get gives the value and whether there is one.
func (n Number) Get() (float64, bool) {
	if n.bits == 0 {
		return 0, false
	}
	return math.Float64frombits(n.bits ^ missing), true
}

// IsGiven says whether there is a value.
func (n Number) IsGiven() bool { return n.bits != 0 }

// Or gives the value, or def where there is none.
func (n Number) Or(def float64) float64 {
	if v, ok := n.Get(); ok {
		return v
	}
	return def
}

// Pointer gives the value as JSON wants it: nil where there is none.
func (n Number) Pointer() *float64 {
	if v, ok := n.Get(); ok {
		return &v
	}
	return nil
}

// String writes the value in the shortest form that reads back the same, "" where there is none.
func (n Number) String() string {
	if v, ok := n.Get(); ok {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// MarshalJSON writes the value, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if v, ok := n.Get(); ok {
		if math.IsInf(v, 0) {
			return nil, fmt.Errorf("%v is no JSON number", v)
		}
		return strconv.AppendFloat(nil, v, 'f', -1, 64), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads a number or null.
func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = Number{}
		return nil
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return fmt.Errorf("%s is no number", b)
	}
	*n = Given(v)
	return nil
}
