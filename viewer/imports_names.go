package viewer

import "example.com/whoserves/viewer/draft"

// nameList is names that may mean one thing.
type nameList struct{}

func (s *Server) draftNamesPage(_ *request, d *draft.Draft) (*page, error) {
	return nil, moved{to: stepPath(d, "/preview")}
}

func (s *Server) settleName(_ *request, d *draft.Draft) (string, error) {
	return stepPath(d, "/preview"), nil
}
