import fc from 'fast-check';
import { html } from './html.ts';

describe('the page template', () => {
  it('shows a payee named like markup as text', () => {
    expect(html`<p>${'<script>alert(1)</script>'}</p>`.toString()).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
  });

  it('does not let a value end the attribute it stands in', () => {
    expect(html`<a title="${`" onclick='x' &`}"></a>`.toString()).toBe(
      '<a title="&quot; onclick=&#39;x&#39; &amp;"></a>',
    );
  });

  it('keeps the markup of a template within a template', () => {
    const rows = ['a<b', 'c'].map((text) => html`<li>${text}</li>`);
    expect(
      html`<ul>
        ${rows}${undefined}${false}
      </ul>`.toString(),
    ).toBe('<ul><li>a&lt;b</li><li>c</li></ul>');
  });

  it('lets no string contribute a character that begins markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.toMatch(/[<>"']/);
      }),
    );
  });
});
