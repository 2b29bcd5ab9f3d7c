import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { PayerBrowser, type Method, type Sending } from '../../sandbox/payer-browser.ts';

/** A payer who loads the page again, when it says, where the service turned the request away under load: nothing was done for it. */
export class PatientBrowser extends PayerBrowser {
  protected override async exchange(method: Method, url: URL, sending?: Sending): Promise<Dispatcher.ResponseData> {
    const answer = await super.exchange(method, url, sending);
    const { 'retry-after': seconds } = answer.headers;
    if (answer.statusCode !== 503 || seconds === undefined) return answer;
    await answer.body.dump();
    await delay(Number(seconds) * 1000);
    return this.exchange(method, url, sending);
  }
}
