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

  it('keeps the markup of a template within a template, and renders nothing for nothing', () => {
    const words = ['a<b', 'c'].map((text) => html`<b>${text}</b>`);
    expect(html`<p>${words}${undefined}${false}</p>`.toString()).toBe('<p><b>a&lt;b</b><b>c</b></p>');
  });

  it('lets no string contribute a character that begins markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.toMatch(/[<>"']/);
      }),
    );
  });
});
