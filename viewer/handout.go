package viewer

import (
	"bytes"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"example.com/whoserves/graph/template"
)

// templatePath is where the workbook to hand out can be had.
const templatePath = "/template.xlsx"

// emptyWorkbook is that workbook, which is the same for everybody.
var emptyWorkbook = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	err := template.Write(&b)
	return b.Bytes(), err
})

// sendTemplate gives the workbook to hand out.
func (s *Server) sendTemplate(c *fiber.Ctx) error {
	book, err := emptyWorkbook()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="whoserves.xlsx"`)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Send(slices.Clone(book)) // middleware may write into it
}
