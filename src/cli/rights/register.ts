import type { Command } from 'commander';
import { printCertificate } from './certificate.ts';
import { askForErasure } from './erase.ts';
import { listHolds, placeHold, releaseHold } from './hold.ts';
import type { Printing } from './in-holds.ts';
import { approveRequest, listRequests, refuseRequest, showRequest } from './request.ts';
import { printEnded } from './retention.ts';
import { runSteward } from './steward.ts';
import { answerSubject } from './subject.ts';

const JSON_OPTION = ['--json', 'one JSON document on standard output'] as const;

/** `sigill hold`: legal holds, which stop the erasure of what they cover. */
export function registerHold(program: Command): void {
  const hold = program.command('hold').description('place, list and release legal holds, which stop erasure');
  hold
    .command('place')
    .description('stop the erasure of a consent or a login, or of all of a person, a TPP or a period')
    .option('--consent <id>', 'this consent')
    .option('--login <id>', 'this login')
    .option('--person', 'the person whose number standard input holds, also in what comes later')
    .option('--tpp <client>', 'what this client asks for, also later')
    .option('--from <time>', 'what was open from then on (a day in UTC, or RFC 3339)')
    .option('--to <time>', 'what was open before then')
    .option('--bank <client>', 'at this bank alone')
    .requiredOption('--case <reference>', 'why: the reference of the case, without personal data')
    .requiredOption('--review <day>', 'when the hold is to be looked at again')
    .option(...JSON_OPTION)
    .action(placeHold);
  hold
    .command('list')
    .description('list the holds that stand; with --all, the released ones too')
    .option('--all', 'also what was released')
    .option(...JSON_OPTION)
    .action(listHolds);
  hold
    .command('release')
    .description('ask for the release of a hold, which a second person approves and a steward carries out')
    .argument('<hold>', 'its id')
    .requiredOption('--case <reference>', 'why: the reference of the decision')
    .option(...JSON_OPTION)
    .action(releaseHold);
}

/** `sigill subject`: what a bank has of a person, for the person's own request. */
export function registerSubject(program: Command): void {
  program
    .command('subject')
    .description(
      'draft the answer to the person whose number standard input holds; with --approved, print it as a second person approved it',
    )
    .requiredOption('--bank <client>', 'the bank that was asked: it answers the person')
    .requiredOption('--case <reference>', 'the reference of the request; recorded in the chain of each consent')
    .option('--lang <language>', 'sv (the default) or en')
    .option('--approved <request>', 'the request by which the draft was approved')
    .option(...JSON_OPTION)
    .action(answerSubject);
}

/** `sigill retention`: what the next erasure takes, and what holds keep. */
export function registerRetention(program: Command): void {
  const retention = program.command('retention').description('what is not erased although its retention has ended');
  retention
    .command('due')
    .description('list what the next erasure takes')
    .option(...JSON_OPTION)
    .action((options: Printing) => printEnded('due', options));
  retention
    .command('held')
    .description('list what holds keep from being erased, and which')
    .option(...JSON_OPTION)
    .action((options: Printing) => printEnded('held', options));
}

/** `sigill erase`: the erasure of a bank's evidence, never before its retention ends. */
export function registerErase(program: Command): void {
  const erase = program.command('erase').description('ask for the erasure of evidence, and certify it when it is done');
  erase
    .command('request')
    .description(
      'ask for the erasure of what is due at a bank, which a second person approves and a steward carries out',
    )
    .requiredOption('--bank <client>', 'whose evidence')
    .requiredOption('--case <reference>', 'why: the reference of the case, without personal data')
    .option('--consent <id...>', 'these consents alone, all or none; their retention has ended')
    .option('--person', 'those of the person whose number standard input holds; prints the answer to that person')
    .option('--lang <language>', 'the language of that answer: sv (the default) or en')
    .option(...JSON_OPTION)
    .action(askForErasure);
  erase
    .command('certificate')
    .description('print a signed certificate (JWS) of an erasure that is done')
    .argument('<request>', 'its id')
    .action(printCertificate);
}

/** `sigill request`: what waits for a second person, and the decision of that person. */
export function registerRequest(program: Command): void {
  const request = program
    .command('request')
    .description('list and decide what two persons decide: erasures, releases of holds, answers to persons');
  request
    .command('list')
    .description('list the requests that are not done; with --all, every one')
    .option('--all', 'also what is done or refused')
    .option(...JSON_OPTION)
    .action(listRequests);
  request
    .command('show')
    .description('show a request with its consents, and what became of each')
    .argument('<request>', 'its id')
    .option(...JSON_OPTION)
    .action(showRequest);
  request
    .command('approve')
    .description('approve a request of another person, with a login of your own (APPROVER_DATABASE_URL, SIGILL_ENV)')
    .argument('<request>', 'its id')
    .action(approveRequest);
  request
    .command('refuse')
    .description('refuse a request of another person, with a login of your own (APPROVER_DATABASE_URL, SIGILL_ENV)')
    .argument('<request>', 'its id')
    .action(refuseRequest);
}

/** `sigill steward`: carries out what two persons decided. */
export function registerSteward(program: Command): void {
  program
    .command('steward')
    .description(
      "carry out what two persons decided, with the eraser's login (STEWARD_DATABASE_URL, SIGILL_ENV, LEDGER_DIRECTORY)",
    )
    .option('--once', 'one round, then end')
    .action(runSteward);
}
