import type { Dispatcher } from 'undici';
import { PayerBrowser, type Method, type Sending } from '../../sandbox/payer-browser.ts';
import { untilAdmitted } from './until-admitted.ts';

/** A payer who loads a page again that the service turned away under load. */
export class PatientBrowser extends PayerBrowser {
  protected override exchange(method: Method, url: URL, sending?: Sending): Promise<Dispatcher.ResponseData> {
    return untilAdmitted(() => super.exchange(method, url, sending));
  }
}
