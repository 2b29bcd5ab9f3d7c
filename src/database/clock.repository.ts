import { Injectable } from '@nestjs/common';
import { Database, rows } from './database.ts';
import { instant } from './rows.ts';
import { statement } from './statement.ts';

const READ_CLOCK = statement('database.readClock', 'select clock_timestamp() as now');

/** The database's own clock; reading it also proves that the database answers. */
@Injectable()
export class ClockRepository {
  constructor(private readonly database: Database) {}

  async readClock(): Promise<Date> {
    const [now] = await rows(this.database, READ_CLOCK, [], (row) => instant(row, 'now'));
    if (!now) throw new Error('the database returned no row for its clock');
    return now;
  }
}
