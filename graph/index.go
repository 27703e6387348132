package graph

type indexes struct{}
