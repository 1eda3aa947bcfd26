import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { contentDisposition, inspectEvidence, noScanner, sanitiseFileName, screenEvidence } from '#libs/evidence/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { archive, contentTypes, jpeg, officeDocument, officeType, pdf, png } from './evidence.fixture.js';

const { types, maximumBytes } = samplePolicy.evidence;
const inspect = (content: Buffer | string, name: string, accepted = types) =>
  inspectEvidence(Buffer.from(content), name, accepted, maximumBytes);

const compoundFile = (stream: string): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512), Buffer.from(stream, 'utf16le'), Buffer.alloc(64)]);
const openDocument = Buffer.concat([
  Buffer.from('504b03040a00000000000000000000000000000000002700000008000000', 'hex'),
  Buffer.from('mimetypeapplication/vnd.oasis.opendocument.text'),
]);

async function expectRefused(content: Buffer | string, name: string, message: RegExp) {
  const result = await inspect(content, name);
  expect(result).to.include({ ok: false, code: 'evidence_type' });
  expect(result).to.have.property('message').that.matches(message);
}

describe('inspecting evidence', () => {
  const samples: [string, Buffer | string, string, string][] = [
    ['pdf', pdf, 'application/pdf', 'pdf'],
    ['png', png, 'image/png', 'png'],
    ['jpeg', jpeg, 'image/jpeg', 'jpg'],
    ['docx', officeDocument('docx'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['xlsx', officeDocument('xlsx'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['pptx', officeDocument('pptx'), 'application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
    ['csv', 'product,users\nSales,12\n', 'text/csv; charset=utf-8', 'csv'],
  ];
  for (const [type, content, mediaType, extension] of samples) {
    it(`recognises ${type} and returns its media type, hash and size`, async () => {
      const bytes = Buffer.from(content);
      expect(await inspect(bytes, `Statement of work.${extension}`)).to.deep.equal({
        ok: true,
        type,
        mediaType,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        fileName: `Statement of work.${extension}`,
      });
    });
  }

  it('trusts the content over the name, and corrects the extension', async () => {
    expect(await inspect(pdf, 'invoice.exe')).to.include({ ok: true, type: 'pdf', fileName: 'invoice.exe.pdf' });
    expect(await inspect(png, 'scan.pdf')).to.include({ ok: true, type: 'png', fileName: 'scan.pdf.png' });
    expect(await inspect(jpeg, 'photo.JPEG')).to.include({ ok: true, type: 'jpeg', fileName: 'photo.JPEG' });
  });

  it('accepts a file of exactly the maximum size and refuses one byte more', async () => {
    const text = `a,b\n${'1,2\n'.repeat(10)}`;
    expect(await inspectEvidence(Buffer.from(text), 'a.csv', types, text.length)).to.include({ ok: true });
    expect(await inspectEvidence(Buffer.from(text), 'a.csv', types, text.length - 1)).to.include({ ok: false, code: 'evidence_too_large' });
  });

  it('states both sizes when a file is too large', async () => {
    expect(await inspectEvidence(Buffer.alloc(21 * 1024 * 1024), 'a.pdf', types, maximumBytes)).to.deep.equal({
      ok: false,
      code: 'evidence_too_large',
      message: 'The file is 21 MiB; the limit is 20 MiB. Scan the document at a lower resolution, or split it.',
    });
  });

  it('refuses a type that the policy does not accept', async () => {
    expect(await inspect(png, 'a.png', ['pdf'])).to.deep.equal({
      ok: false,
      code: 'evidence_type',
      message: 'The file is a png file, which this programme does not accept. Accepted types: pdf.',
    });
  });

  const refused: [string, Buffer | string, string, RegExp][] = [
    ['an empty file', '', 'a.pdf', /is empty/],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'logo.svg', /not recognised/],
    ['SVG named csv', '<svg a="1,2"\nb="1,2"/>', 'logo.csv', /not a table/],
    ['HTML', '<!DOCTYPE html><html></html>', 'a.html', /is a web page/],
    ['HTML with rows of equal length', 'a,b\n<script>x</script>,2\n', 'a.csv', /not a table/],
    ['a program', Buffer.from('MZ\x90\0\x03'), 'a.pdf', /x-msdownload/],
    ['a plain archive', archive([{ name: 'a.txt', content: 'text' }]), 'a.docx', /archive\. Unpack it/],
    ['a mail', 'Received: from a.example\r\nSubject: Signed\r\n\r\nHere it is.', 'signed', /e-mail\. Print it to PDF/],
    ['a mail recognised by its name', 'Here it is.', 'signed.EML', /e-mail\. Print it to PDF/],
    ['an Outlook mail', compoundFile('__properties_version1.0'), 'signed.msg', /e-mail\. Print it to PDF/],
    ['a password-protected Office document', compoundFile('EncryptedPackage'), 'a.docx', /without a password/],
    ['an iPhone photo', Buffer.from('00000018667479706865696300000000686569636d696631', 'hex'), 'IMG_1.HEIC', /JPEG or PNG \(on an iPhone/],
    ['a TIFF scan', Buffer.concat([Buffer.from('49492a0008000000', 'hex'), Buffer.alloc(64)]), 'scan.tif', /Save it as JPEG or PNG/],
    ['an OpenDocument text', openDocument, 'a.odt', /OpenDocument file\. Export it as PDF/],
    ['a Pages document', archive([{ name: 'Index/Document.iwa', content: 'x' }]), 'a.pages', /Export it as PDF/],
    ['a document with macros', officeDocument('docx', { name: 'word/vbaProject.bin', content: 'x' }), 'a.docm', /Save it without macros/],
    ['a PDF without its header', String(pdf).slice(9), 'a.pdf', /no PDF header .* print it to PDF again/],
    ['a web page', '\n<html><body>Signed</body></html>', 'a.pdf', /web page.* print it to PDF/],
    [
      'an older Office document',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)]),
      'a.doc',
      /password-protected or in an old format/,
    ],
    ['plain text', 'Dear customer, we did it.', 'a.txt', /not recognised.* print it to PDF/],
    ['a shell script named csv', '#!/bin/sh\necho a,b\n', 'a.csv', /not a table/],
  ];
  for (const [what, content, name, message] of refused) {
    it(`refuses ${what}`, () => expectRefused(content, name, message));
  }
});

describe('an Office document', () => {
  const word = 'application/vnd.ms-word.document.macroEnabled.main+xml';

  it('is refused if it declares macros', () =>
    expectRefused(archive([{ name: '[Content_Types].xml', content: contentTypes(word) }]), 'a.docx', /macros/));

  it('is refused if it contains undeclared macros', async () => {
    await expectRefused(officeDocument('docx', { name: 'word/vbaProject.bin', content: 'x' }), 'a.docx', /macros/);
    await expectRefused(officeDocument('xlsx', { name: 'xl/macrosheets/sheet1.xml', content: 'x' }), 'a.xlsx', /macros/);
  });

  it('is refused if it declares two main parts', () => {
    const both = contentTypes(officeType('docx')).replace('</Types>', `<Override ContentType="${officeType('xlsx')}"/></Types>`);
    return expectRefused(archive([{ name: '[Content_Types].xml', content: both }]), 'a.docx', /Office file/);
  });

  it('is refused if its directory and its local headers name different files', () =>
    expectRefused(officeDocument('docx', { name: 'word/a.xml', asLocalName: 'word/b.xml', content: 'x' }), 'a.docx', /Office file/));

  it('is refused if an entry occurs twice', () =>
    expectRefused(officeDocument('docx', { name: '[content_types].XML', content: 'x' }), 'a.docx', /Office file/));

  it('is refused if it is truncated or followed by other data', async () => {
    const document = officeDocument('docx');
    await expectRefused(Buffer.concat([document, Buffer.from('x')]), 'a.docx', /Office file/);
    await expectRefused(document.subarray(0, -1), 'a.docx', /Office file/);
    await expectRefused(Buffer.concat([officeDocument('xlsx'), document]), 'a.docx', /Office file/);
  });

  it('is refused if its list of parts is a decompression bomb', () =>
    expectRefused(
      archive([{ name: '[Content_Types].xml', content: contentTypes(officeType('docx')) + ' '.repeat(4 * 1024 * 1024) }]),
      'a.docx',
      /Office file/,
    ));

  it('never makes the inspection throw, whichever byte is corrupted', async () => {
    const document = officeDocument('docx');
    for (let at = 4; at < document.length; at += 1) {
      const changed = Buffer.from(document);
      changed[at] = 0xff;
      expect(await inspect(changed, 'a.docx')).to.have.property('ok');
    }
  });
});

describe('a PDF', () => {
  const sample = (name: string): Buffer => readFileSync(`test/unit/evidence/pdf-samples/${name}`);
  const plain = Buffer.from(statementOfWork(['Statement of work'])).toString('latin1');
  const written = (text: string): Buffer => Buffer.from(text, 'latin1');

  for (const name of readdirSync('test/unit/evidence/pdf-samples').filter((file) => file.startsWith('locked-'))) {
    it(`is refused with advice if it needs a password: ${name}`, () =>
      expectRefused(sample(name), 'a.pdf', /needs a password.* print it to PDF without one/));

    it(`is accepted if only editing needs a password: ${name.replace('locked', 'open')}`, async () =>
      expect(await inspect(sample(name.replace('locked', 'open')), 'a.pdf')).to.include({ ok: true, type: 'pdf' }));
  }

  it('is recognised as password-protected even if its trailer is hard to find', async () => {
    for (const name of ['locked-r3.pdf', 'locked-r6-xref-stream.pdf', 'locked-r4-linearised.pdf']) {
      const text = sample(name).toString('latin1');
      await expectRefused(written(text.replace(/startxref\s+\d+(?![^]*startxref)/, 'startxref\n7')), 'a.pdf', /needs a password/);
      await expectRefused(written(`\r\n  ${text}`), 'a.pdf', /needs a password/);
    }
  });

  it('is accepted if its password protects only the attachments', async () => {
    const text = sample('locked-r6.pdf')
      .toString('latin1')
      .replace(/\/StmF \/StdCF/, '/StmF /Identity')
      .replace(/\/StrF \/StdCF/, '/EFF /StdCF');
    expect(await inspect(written(text), 'a.pdf')).to.include({ ok: true });
  });

  it('is refused with advice if a certificate or rights management protects it', async () => {
    const text = sample('locked-r6.pdf').toString('latin1');
    await expectRefused(written(text.replace('/Filter /Standard', '/Filter /Adobe.PubSec')), 'a.pdf', /rights management or a certificate/);
    await expectRefused(
      written(plain.replace('/Type /Catalog', '/AF [<< /AFRelationship /EncryptedPayload >>]')),
      'a.pdf',
      /rights management/,
    );
  });

  it('never makes the inspection throw, whichever byte of its encryption dictionary is corrupted', async () => {
    for (const name of ['locked-r3.pdf', 'locked-r6.pdf', 'open-r3-mupdf.pdf']) {
      const bytes = sample(name);
      for (let at = bytes.lastIndexOf('/Filter'); at < bytes.length; at += 5) {
        const changed = Buffer.from(bytes);
        changed[at] = '(<[>)]/ 9'.charCodeAt(at % 9);
        expect(await inspect(changed, 'a.pdf')).to.have.property('ok');
      }
    }
  });

  const readable: Record<string, string> = {
    'whitespace before its header': `\r\n\n  ${plain}`,
    'a byte order mark before its header': `\xef\xbb\xbf${plain}`,
    'HTTP headers before its header': `HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n${plain}`,
    'printer commands before its header': `\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n${plain}`,
    'no %%EOF': plain.replace('%%EOF\n', ''),
    'half a %%EOF': plain.replace('%%EOF\n', '%%E'),
    'nothing after its trailer': plain.replace(/startxref[^]*/, ''),
    'two thousand spaces after its end': plain + ' '.repeat(2000),
    'five thousand NULs after its end': plain + '\0'.repeat(5000),
  };
  for (const [what, text] of Object.entries(readable)) {
    it(`may have ${what}, as readers allow`, async () =>
      expect(await inspect(written(text), 'a.pdf')).to.include({ ok: true, type: 'pdf' }));
  }

  it('is refused with advice if it is truncated, even after the first trailer of a linearised file', async () => {
    await expectRefused(written(plain.replace(/xref\n0[^]*/, '')), 'a.pdf', /truncated.* print it to PDF again/);
    await expectRefused(written(plain.replace(/trailer[^]*/, '')), 'a.pdf', /truncated/);
    await expectRefused(written(plain.replace(/\/Root[^]*/, '')), 'a.pdf', /truncated/);
    await expectRefused(sample('open-r4-linearised.pdf').subarray(0, 1500).subarray(0, -60), 'a.pdf', /truncated/);
  });

  it('is refused if markup, a script or another file type precedes its header', async () => {
    for (const before of ['<html><script>x</script>', '#!/bin/sh\n', 'GIF89a']) {
      const result = await inspect(written(before + plain), 'a.pdf');
      expect(result).to.include({ ok: false, code: 'evidence_type' });
    }
  });

  it('may have an attachment, unless ZIP tools would open the file as an archive', async () => {
    expect(await inspect(sample('attachment.pdf'), 'a.pdf')).to.include({ ok: true });
    await expectRefused(
      sample('attachment-stored.pdf'),
      'a.pdf',
      /contains a ZIP archive\. Remove the attachments, or print it to PDF again/,
    );
  });
});

describe('a polyglot file', () => {
  const zip = archive([{ name: 'a.txt', content: 'text' }]);

  it('is refused if an archive is appended to a document or image', async () => {
    for (const [front, name] of [
      [pdf, 'a.pdf'],
      [jpeg, 'a.jpg'],
    ] as const) {
      await expectRefused(Buffer.concat([front, zip]), name, /contains a ZIP archive/);
      await expectRefused(Buffer.concat([front, zip, Buffer.from('\n%%EOF\n')]), name, /contains a ZIP archive/);
      await expectRefused(Buffer.concat([front, Buffer.from('Rar!\x1a\x07\x01\0\n%%EOF')]), name, /contains an archive/);
    }
  });

  it('is refused if a PDF header is near the start of another type', async () => {
    await expectRefused(Buffer.concat([jpeg.subarray(0, 24), Buffer.from('%PDF-1.4'), jpeg.subarray(24)]), 'a.jpg', /also a PDF document/);
    await expectRefused('a,b\n%PDF-1.4,2\n', 'a.csv', /also a PDF document/);
  });

  it('is refused if an image or PDF is truncated or followed by other data', async () => {
    await expectRefused(Buffer.concat([png, Buffer.from('<html>')]), 'a.png', /extra data after its end/);
    await expectRefused(png.subarray(0, -6), 'a.png', /truncated/);
    await expectRefused(jpeg.subarray(0, -2), 'a.jpg', /truncated/);
    await expectRefused(Buffer.concat([pdf, Buffer.alloc(2000, 'x')]), 'a.pdf', /extra data after its end/);
  });
});

describe('delimited text', () => {
  const accepted: Record<string, Buffer | string> = {
    'a first line that names the delimiter': 'sep=;\r\na;b\r\n1;2\r\n',
    'empty lines and rows of commas': '\na,b\n\n,\n1,2\n\n',
    'UTF-16 as spreadsheets write it': Buffer.from('\ufeffa\tb\r\n1\tЮ\r\n', 'utf16le'),
    'semicolons and Cyrillic': 'Продукт;Пользователи\r\nПродажи;12\r\n',
    'tabs without a last line end': 'a\tb\n1\t2',
    'a byte order mark': '\ufeffa,b\n1,2\n',
    'quoted fields with delimiters, quotes and line ends': 'a,b\n"x, ""y""\nz",2\n',
    'empty fields': 'a,b\n,\n',
  };
  for (const [what, text] of Object.entries(accepted)) {
    it(`may have ${what}`, async () => expect(await inspect(text, 'a.csv')).to.include({ ok: true, type: 'csv' }));
  }

  const refused: Record<string, Buffer | string> = {
    'uneven rows': 'a,b\n1,2,3\n',
    'a single row': 'a,b\n',
    'a single column': 'a\nb\n',
    'a quote inside a plain field': 'a,b\n1"2,3\n',
    'an open quote': 'a,b\n1,"2\n',
    'text after a closing quote': 'a,b\n"1"x,2\n',
    'a NUL': 'a,b\n1,\0\n',
    'invalid UTF-8': Buffer.from('a,b\n1,\xff\n', 'latin1'),
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`may not have ${what}`, () => expectRefused(text, 'a.csv', /not a table/));
  }

  it('is recognised only if its name ends in .csv', () => expectRefused('a,b\n1,2\n', 'a.bat', /not recognised/));
});

describe('screening evidence', () => {
  const testFile = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$'.concat('EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*');

  it('reports a file as unscanned if there is no scanner', async () => {
    expect(await screenEvidence(pdf, 'a.pdf', { types, maximumBytes }, noScanner)).to.include({ ok: true, scanResult: 'unscanned' });
  });

  it('refuses an infected file', async () => {
    const infected = Buffer.concat([pdf, Buffer.from(testFile), Buffer.from('\n%%EOF')]);
    expect(await screenEvidence(infected, 'a.pdf', { types, maximumBytes }, noScanner)).to.include({
      ok: false,
      code: 'evidence_infected',
    });
  });
});

describe('evidence file names', () => {
  const names: [string, string][] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\anna\\договор.pdf', 'договор.pdf'],
    ['отчёт 月次 ✓.xlsx', 'отчёт 月次 ✓.xlsx'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\r\nSet-Cookie: x.pdf', 'aSet-Cookie_ x.pdf'],
    ['...hidden.', 'hidden'],
    ['what?<is>|this*.pdf', 'what__is__this_.pdf'],
    ['nul.pdf', '_nul.pdf'],
    ['lone \ud800 half.pdf', 'lone half.pdf'],
    ['e\u0301.pdf', 'é.pdf'],
    ['/', 'file'],
  ];
  for (const [declared, safe] of names) {
    it(`turn ${JSON.stringify(declared)} into ${JSON.stringify(safe)}`, () => expect(sanitiseFileName(declared)).to.equal(safe));
  }

  it('are truncated to 200 characters without losing the extension or splitting a character', () => {
    const name = sanitiseFileName(`${'𝔸'.repeat(150)}.pdf`);
    expect(name).to.equal(`${'𝔸'.repeat(98)}.pdf`);
    expect(sanitiseFileName(`${'я'.repeat(300)}.docx`))
      .to.have.length(200)
      .and.match(/\.docx$/);
  });

  it('become a Content-Disposition header with an ASCII fallback', () => {
    expect(contentDisposition("Отчёт (v1)'.pdf")).to.equal(
      `attachment; filename="_____ (v1)'.pdf"; filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%20%28v1%29%27.pdf`,
    );
    expect(contentDisposition('a"b%41\r\n.pdf')).to.equal(`attachment; filename="a_b_41.pdf"; filename*=UTF-8''a_b%2541.pdf`);
  });
});
