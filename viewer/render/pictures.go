package render

import "container/list"

// pictures keeps finished files up to a number of bytes and forgets those that were not asked for the longest.
type pictures struct {
	limit  int64
	bytes  int64
	byKey  map[Key]*list.Element
	recent list.List // of picture, the last used in front
}

type picture struct {
	key  Key
	file File
}

// overhead is about what one kept file takes beside its bytes.
const overhead = 200

func (p picture) size() int64 { return int64(cap(p.file.Bytes)) + overhead }

func (c *pictures) count() int { return c.recent.Len() }

func (c *pictures) get(k Key) (File, bool) {
	e, ok := c.byKey[k]
	if !ok {
		return File{}, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(picture).file, true
}

// put keeps a file; one larger than the whole limit is not kept.
func (c *pictures) put(k Key, f File) {
	p := picture{k, f}
	if p.size() > c.limit || c.byKey[k] != nil {
		return
	}
	if c.byKey == nil {
		c.byKey = map[Key]*list.Element{}
	}
	c.byKey[k] = c.recent.PushFront(p)
	c.bytes += p.size()
	for c.bytes > c.limit {
		oldest := c.recent.Remove(c.recent.Back()).(picture)
		delete(c.byKey, oldest.key)
		c.bytes -= oldest.size()
	}
}
