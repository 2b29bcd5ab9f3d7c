import PDFDocument from 'pdfkit';
import type { PaperAttachment } from '../attachment.ts';
import { readFonts } from './fonts.ts';
import { printable, shortened } from './printable.ts';

/** What a paper says of itself. All of it is ours or follows from the evidence, so the same evidence always gives the same bytes. */
export interface PaperIdentity {
  /** Ours, without foreign text: it stands in the metadata. */
  readonly title: string;
  readonly subject: string;
  readonly language: 'sv' | 'en';
  /** The moment that the paper is about. */
  readonly at: Date;
  /** Printed at the foot of each page, before its number. */
  readonly foot: string;
  /** `2 (3)` or `2 of 3`. */
  readonly pageOf: (page: number, pages: number) => string;
  /** Makes it a PDF/A-3b (ISO 19005-3). */
  readonly attachment: PaperAttachment | undefined;
}

export interface TextStyle {
  readonly size?: number;
  readonly weight?: 'regular' | 'semibold';
  readonly colour?: string;
  /** Points below the text. */
  readonly after?: number;
}

/** A structure element that may have others inside (ISO 32000-1 §14.8.4). */
type Element = PDFKit.PDFStructureElement;

/** pdfkit knows `relationship`, and its types do not. */
type AttachmentOptions = PDFKit.Mixins.PDFAttachmentOptions & { readonly relationship: 'Source' };

/** pdfkit knows `scope`, and its types do not. */
type ElementOptions = PDFKit.Mixins.StructureElementOptions & { readonly scope?: 'Column' };

export const colours = { ink: '#1a1a1a', quiet: '#595959', rule: '#c8c8c8', warning: '#8a1c1c' } as const;

/** A4 in points, and its margins. */
const SHEET = { width: 595.28, height: 841.89, side: 56, top: 48, bottom: 52 } as const;
const LABEL = 138;
const LINE_GAP = 1.2;
/** Figures of one width, and no ligatures, so that columns align and what is copied is what is printed. */
const features = ['tnum', 'kern'] as PDFKit.Mixins.OpenTypeFeatures[];

/** Writes a tagged PDF/A-2b (ISO 19005-2), or a 3b with an attachment, top to bottom, each text with its place in the structure. */
export class Paper {
  readonly width = SHEET.width - 2 * SHEET.side;
  readonly #document: PDFKit.PDFDocument;
  readonly #identity: PaperIdentity;
  readonly #root: Element;
  readonly #bytes: Promise<Buffer>;

  constructor(identity: PaperIdentity) {
    const { title, subject, language, at, attachment } = identity;
    this.#identity = identity;
    this.#document = new PDFDocument({
      size: 'A4',
      margins: { top: SHEET.top, bottom: SHEET.bottom, left: SHEET.side, right: SHEET.side },
      pdfVersion: '1.7',
      subset: attachment ? 'PDF/A-3b' : 'PDF/A-2b',
      tagged: true,
      lang: language === 'sv' ? 'sv-SE' : 'en-GB',
      displayTitle: true,
      bufferPages: true,
      // Deflate gives other bytes on other machines.
      compress: false,
      font: undefined,
      info: { Title: title, Subject: subject, Creator: 'Sigill', Producer: 'Sigill', CreationDate: wholeSecond(at) },
    });
    const { regular, semibold } = readFonts();
    this.#document.registerFont('regular', regular).registerFont('semibold', semibold);
    this.#bytes = bytesOf(this.#document);
    this.#root = this.#document.struct('Document');
    this.#document.addStructure(this.#root);
    if (attachment) this.#attach(attachment, wholeSecond(at));
  }

  /** As the source of what the paper says (ISO 19005-3 §6.8). */
  #attach({ name, type, bytes }: PaperAttachment, modifiedDate: Date): void {
    const options: AttachmentOptions = { name, type, modifiedDate, relationship: 'Source' };
    this.#document.file(Buffer.from(bytes), options);
  }

  /** An element of the structure under `parent`, or directly in the document. */
  #element(type: string, parent?: Element, options: ElementOptions = {}): Element {
    const element = this.#document.struct(type, options);
    (parent ?? this.#root).add(element);
    return element;
  }

  /** A heading of level 1 to 3. */
  heading(level: 1 | 2 | 3, text: string): void {
    const size = { 1: 20, 2: 12.5, 3: 10.5 }[level];
    this.need(size * 4);
    if (level > 1) this.space(level === 2 ? 9 : 5);
    this.#text(`H${level}`, text, { size, weight: 'semibold', after: level === 1 ? 6 : 4 });
  }

  paragraph(text: string, style: TextStyle = {}): void {
    this.#text('P', text, style);
  }

  /** A text over the whole width. */
  #text(type: string, text: string, style: TextStyle): void {
    const height = this.heightOf(text, this.width, style);
    this.need(height);
    this.#textAt(type, text, { ...style, x: 0, width: this.width });
    this.#document.y += style.after ?? 4;
  }

  /** A text at this place of the present line; the pen stays below it. */
  #textAt(
    type: string,
    text: string,
    { x, width, ...style }: TextStyle & { readonly x: number; readonly width: number },
    parent?: Element,
  ): void {
    const element = this.#element(type, parent);
    this.#mark(type, element, () => this.#draw(text, SHEET.side + x, width, style));
  }

  /** Label and value beside each other, item by item of a list. @param lines of a value at most */
  rows(rows: readonly (readonly [label: string, value: string])[], lines = 40): void {
    const list = this.#element('L');
    for (const [label, value] of rows) this.#row(list, label, this.fitted(value, this.width - LABEL, lines));
    this.space(2);
  }

  #row(list: Element, label: string, value: string): void {
    const width = this.width - LABEL;
    const height = Math.max(this.heightOf(label, LABEL - 10), this.heightOf(value, width));
    this.need(height);
    const item = this.#element('LI', list);
    const top = this.#document.y;
    this.#textAt('Lbl', label, { x: 0, width: LABEL - 10, colour: colours.quiet }, item);
    this.#document.y = top;
    this.#textAt('LBody', value, { x: LABEL, width }, item);
    this.#document.y = top + height + 3;
  }

  /** Sentences under each other, each with a dash. */
  bullets(sentences: readonly string[], style: TextStyle = {}): void {
    const list = this.#element('L');
    for (const sentence of sentences) {
      const height = this.heightOf(sentence, this.width - 14, style);
      this.need(height);
      const item = this.#element('LI', list);
      const top = this.#document.y;
      this.#textAt('Lbl', '–', { ...style, x: 0, width: 12 }, item);
      this.#document.y = top;
      this.#textAt('LBody', sentence, { ...style, x: 14, width: this.width - 14 }, item);
      this.#document.y = top + height + 2;
    }
    this.space(2);
  }

  /**
   * A table with a row of headings.
   * @param shares of the width, which add up to 1
   */
  table(headings: readonly string[], rows: readonly (readonly string[])[], shares: readonly number[]): void {
    const table = this.#element('Table');
    this.#cells(table, 'TH', headings, shares);
    for (const row of rows) this.#cells(table, 'TD', row, shares);
    this.space(4);
  }

  /** A row of a table, which stays on one page, and a line below it. */
  #cells(table: Element, type: 'TH' | 'TD', texts: readonly string[], shares: readonly number[]): void {
    const style: TextStyle = { size: 8.5, weight: type === 'TH' ? 'semibold' : 'regular' };
    const widths = shares.map((share) => share * this.width - 8);
    const height = Math.max(...texts.map((text, n) => this.#linesHeight(text, widths[n] ?? 0, style)));
    this.need(height + 6);
    const row = this.#element('TR', table);
    const top = this.#document.y;
    let x = 0;
    for (const [n, text] of texts.entries()) {
      this.#document.y = top;
      const cell = this.#element(type, row, type === 'TH' ? { scope: 'Column' } : {});
      for (const line of text.split('\n')) this.#textAt('P', line, { ...style, x, width: widths[n] ?? 0 }, cell);
      x += (shares[n] ?? 0) * this.width;
    }
    this.#document.y = top + height + 2;
    this.rule(3);
  }

  /** Of a text of ours with line breaks. */
  #linesHeight(text: string, width: number, style: TextStyle): number {
    return text.split('\n').reduce((sum, line) => sum + this.heightOf(line, width, style), 0);
  }

  /** A thin line over the whole width: decoration, which is no part of the structure. */
  rule(after = 6): void {
    this.#artifact(() => {
      const { y } = this.#document;
      this.#document
        .moveTo(SHEET.side, y)
        .lineTo(SHEET.width - SHEET.side, y)
        .lineWidth(0.6)
        .strokeColor(colours.rule)
        .stroke();
    });
    this.space(after);
  }

  space(points: number): void {
    this.#document.y += points;
  }

  /** Turns to a new page unless this height is left on the present one. */
  need(height: number): void {
    if (this.#document.y + height > SHEET.height - SHEET.bottom) this.#document.addPage();
  }

  heightOf(text: string, width: number, { size = 10, weight = 'regular' }: TextStyle = {}): number {
    this.#document.font(weight).fontSize(size);
    return this.#document.heightOfString(printable(text), { width, lineGap: LINE_GAP, features });
  }

  /** The text, cut off with an ellipsis where it would take more lines than these. */
  fitted(text: string, width: number, lines: number, style: TextStyle = {}): string {
    const most = this.heightOf('X', width, style) * lines + 1;
    const fits = (length: number): boolean => this.heightOf(shortened(text, length), width, style) <= most;
    let [least, beyond] = [1, Math.min(printable(text).length, width * lines) + 1];
    while (beyond - least > 1) {
      const middle = Math.floor((least + beyond) / 2);
      if (fits(middle)) least = middle;
      else beyond = middle;
    }
    return shortened(text, least);
  }

  /** Ends the paper, with the foot of each page. */
  end(): Promise<Buffer> {
    this.#root.end();
    const { foot, pageOf } = this.#identity;
    const pages = this.#document.bufferedPageRange().count;
    for (let page = 0; page < pages; page++) {
      this.#document.switchToPage(page);
      this.#artifact(() => this.#foot(foot, pageOf(page + 1, pages)));
    }
    this.#document.end();
    return this.#bytes;
  }

  #foot(foot: string, page: string): void {
    const document = this.#document;
    // Below the margin, where a text would otherwise begin a page of its own.
    document.page.margins.bottom = 0;
    const y = SHEET.height - 40;
    document.font('regular').fontSize(8).fillColor(colours.quiet);
    document.text(printable(foot), SHEET.side, y, { width: this.width - 50, lineBreak: false, features });
    document.text(page, SHEET.width - SHEET.side - 50, y, { width: 50, align: 'right', lineBreak: false, features });
  }

  #draw(
    text: string,
    x: number,
    width: number,
    { size = 10, weight = 'regular', colour = colours.ink }: TextStyle,
  ): void {
    this.#document.font(weight).fontSize(size).fillColor(colour);
    this.#document.text(printable(text), x, this.#document.y, { width, lineGap: LINE_GAP, features });
  }

  #mark(type: string, element: Element, draw: () => void): void {
    const content = this.#document.markStructureContent(type);
    draw();
    this.#document.endMarkedContent();
    element.add(content);
    element.end();
  }

  #artifact(draw: () => void): void {
    this.#document.markContent('Artifact', { type: 'Layout' });
    draw();
    this.#document.endMarkedContent();
  }
}

function bytesOf(document: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
}

/** The metadata write seconds in one place and milliseconds nowhere. */
function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}
