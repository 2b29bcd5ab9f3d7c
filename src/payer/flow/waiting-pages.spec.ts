import { newBrowserCookie } from '../../attempts/browser-cookie.ts';
import { answering, type RequestRecord } from '../../operations/current-request.ts';
import { Metrics } from '../../operations/metrics.ts';
import { Place } from '../../operations/place.ts';
import { WaitingPages } from './waiting-pages.ts';

const news = (): Promise<boolean> => Promise.resolve(true);
const never = (): Promise<boolean> => new Promise(() => undefined);

describe('pages that wait', () => {
  it('are two of a browser at the most, while those of others wait on', async () => {
    const pages = new WaitingPages(new Metrics());
    const [browser, other] = [newBrowserCookie(), newBrowserCookie()];
    void pages.wait(browser, never);
    void pages.wait(browser, never);
    expect(await pages.wait(browser, news)).toBe(false);
    expect(await pages.wait(other, news)).toBe(true);
  });

  it('are 2,000 of an instance at the most, and are counted', async () => {
    const metrics = new Metrics();
    const pages = new WaitingPages(metrics);
    for (let count = 0; count < 2_000; count += 1) void pages.wait(newBrowserCookie(), never);
    expect(await pages.wait(newBrowserCookie(), news)).toBe(false);
    expect(await metrics.exposition()).toContain('\nsigill_page_requests_waiting 2000\n');
  });

  it('make room when their wait is over, or failed', async () => {
    const pages = new WaitingPages(new Metrics());
    const browser = newBrowserCookie();
    void pages.wait(browser, never);
    const failing = pages.wait(browser, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await pages.wait(browser, news)).toBe(true);
    expect(await pages.wait(browser, news)).toBe(true);
  });

  it('give up their place among the requests in hand, and take it again only to look at news', async () => {
    const pages = new WaitingPages(new Metrics());
    let taken = 0;
    const place = new Place(
      () => (taken += 1),
      () => (taken -= 1),
    );
    const request: RequestRecord = { requestId: '', caller: undefined, isGone: false, place };
    const during: number[] = [];
    const wait = (isNews: boolean): Promise<boolean> =>
      answering(request, () =>
        pages.wait(newBrowserCookie(), () => {
          during.push(taken);
          return Promise.resolve(isNews);
        }),
      );
    expect([taken, await wait(true), taken]).toEqual([1, true, 1]);
    expect([await wait(false), taken]).toEqual([false, 0]);
    expect(during).toEqual([0, 0]);
  });
});
