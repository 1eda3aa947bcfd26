/** Use it when a PDF must really be drawn: one page per text, in a standard font. `script` is JavaScript that a careless viewer runs on opening. */
export function pdfOf(pages: string[], { script }: { script?: string } = {}): Buffer {
  const objects = ['', '', '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  const add = (body: string): number => objects.push(body);
  const kids = pages.map((text) => {
    const stream = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
    const content = add(`<</Length ${stream.length}>>\nstream\n${stream}\nendstream`);
    return add(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents ${content} 0 R>>`);
  });
  const action = script === undefined ? '' : `/OpenAction ${add(`<</S/JavaScript/JS(${script})>>`)} 0 R`;
  objects[0] = `<</Type/Catalog/Pages 2 0 R${action}>>`;
  objects[1] = `<</Type/Pages/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]/Count ${kids.length}>>`;
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}
