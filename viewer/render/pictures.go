package render

import "container/list"

// pictures keeps finished pictures up to a number of bytes and forgets those that were not asked for the longest.
type pictures struct {
	limit  int64
	bytes  int64
	byKey  map[key]*list.Element
	recent list.List // of picture, the last used in front
}

type picture struct {
	key key
	svg []byte
}

// overhead is about what one kept picture takes beside its text.
const overhead = 200

func (p picture) size() int64 { return int64(cap(p.svg)) + overhead }

func (c *pictures) count() int { return c.recent.Len() }

func (c *pictures) get(k key) ([]byte, bool) {
	e, ok := c.byKey[k]
	if !ok {
		return nil, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(picture).svg, true
}

// put keeps a picture; one larger than the whole limit is not kept.
func (c *pictures) put(k key, svg []byte) {
	p := picture{k, svg}
	if p.size() > c.limit || c.byKey[k] != nil {
		return
	}
	if c.byKey == nil {
		c.byKey = map[key]*list.Element{}
	}
	c.byKey[k] = c.recent.PushFront(p)
	c.bytes += p.size()
	for c.bytes > c.limit {
		oldest := c.recent.Remove(c.recent.Back()).(picture)
		delete(c.byKey, oldest.key)
		c.bytes -= oldest.size()
	}
}
