/** The ways in which prose names a date cell: `2025-06-01` is also "June 2025". */

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
]; // prettier-ignore

/** Names of a date or month cell, the cell itself first; any other text has only itself. */
export function dateAliases(cell: string): string[] {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ].*)?$/.exec(cell);
  const month = match && MONTHS[Number(match[2]) - 1];
  if (!match || !month) return [cell];
  const [, year, digits, day] = match;
  if (day !== undefined && day !== "01") {
    const number = Number(day);
    return [cell, `${year}-${digits}-${day}`, `${number} ${month} ${year}`, `${month} ${number}, ${year}`];
  }
  return [cell, `${year}-${digits}`, `${month} ${year}`, `${month.slice(0, 3)} ${year}`];
}
