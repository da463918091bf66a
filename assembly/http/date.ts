const DAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_SECONDS: u64 = 86_400;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const EPOCH_DAYS: u64 = 719_468;
const ERA_DAYS: u64 = 146_097;

/**
 * The date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). `seconds`: since
 * 1970.
 */
export function formatHttpDate(seconds: u64): string {
  const date = civilDate(seconds);
  const time = <i32>(seconds % DAY_SECONDS);
  const clock = two(time / 3600) + ":" + two((time / 60) % 60) + ":" + two(time % 60);
  const day = two(date.day) + " " + MONTHS[date.month - 1] + " " + date.year.toString();
  return DAYS[<i32>((seconds / DAY_SECONDS) % 7)] + ", " + day + " " + clock + " GMT";
}

/** The date as AWS writes it: `20261123T074500Z` (ISO 8601, basic). `seconds`: since 1970. */
export function basicDateTime(seconds: u64): string {
  const date = civilDate(seconds);
  const time = <i32>(seconds % DAY_SECONDS);
  const clock = two(time / 3600) + two((time / 60) % 60) + two(time % 60);
  const year = date.year.toString().padStart(4, "0");
  return year + two(date.month) + two(date.day) + "T" + clock + "Z";
}

/** A day of the calendar. */
class CivilDate {
  constructor(
    readonly year: i32,
    /** From 1. */
    readonly month: i32,
    readonly day: i32,
  ) {}
}

/** The calendar is Howard Hinnant's `civil_from_days`. */
function civilDate(seconds: u64): CivilDate {
  const days = seconds / DAY_SECONDS;
  const shifted = days + EPOCH_DAYS;
  const era = shifted / ERA_DAYS;
  const dayOfEra = shifted % ERA_DAYS;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10;
  const year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
  return new CivilDate(<i32>year, (<i32>month % 12) + 1, <i32>day);
}

function two(value: i32): string {
  return value.toString().padStart(2, "0");
}
