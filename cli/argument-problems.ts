/** What a command does not understand of its arguments, one sentence each; otherwise they would be passed over. */
import type { ArgDef, CommandDef } from "citty";
import { closestName } from "../config/loading/closest-name.ts";

export function argumentProblems(command: CommandDef, args: readonly string[]): string[] {
  const below = Object.keys(command.subCommands ?? {});
  if (below.length > 0) return [noCommand(args[0], below)];
  const known = Object.entries((command.args ?? {}) as Record<string, ArgDef>);
  const flags = known.filter(([, { type }]) => type !== "positional");
  const room = known.length - flags.length;
  const { options, words } = sorted(args, flags);
  const needed = known.filter(([, arg]) => arg.type === "positional" && arg.required !== false);
  return [
    ...options.flatMap((option) => optionProblem(option, flags)),
    ...needed.slice(words.length).map(([name]) => `The ${name} is missing.`),
    ...(words.length > room ? [tooMany(words, room)] : []),
  ];
}

interface Option {
  name: string;
  value: string | undefined;
}

/** A flag that takes a value also takes the word behind it. */
function sorted(args: readonly string[], flags: readonly [string, ArgDef][]) {
  const options: Option[] = [];
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") {
      words.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    const [name = "", given] = arg.replace(/^-+/, "").split(/=(.*)/s);
    const takesValue = flags.some(([flag, { type }]) => flag === name && type === "string");
    if (takesValue && given === undefined) i += 1;
    options.push({ name, value: given ?? (takesValue ? args[i] : undefined) });
  }
  return { options, words };
}

function optionProblem({ name, value }: Option, flags: readonly [string, ArgDef][]): string[] {
  const names = flags.map(([flag]) => flag);
  const known = flags.find(([flag]) => flag === name || `no-${flag}` === name);
  if (known === undefined) {
    const near = closestName(name, names);
    return [`There is no option --${name}.${near === null ? "" : ` Did you mean --${near}?`}`];
  }
  return known[1].type === "string" && value === undefined ? [`--${name} needs a value.`] : [];
}

function tooMany(words: readonly string[], room: number): string {
  return room === 0
    ? `This command takes no further words: ${words.join(" ")}.`
    : `Too many words. Put what belongs together in quotes: "${words.slice(room - 1).join(" ")}".`;
}

function noCommand(given: string | undefined, known: readonly string[]): string {
  if (given === undefined) return "Name a command.";
  const near = closestName(given, known);
  return `There is no command ${given}.${near === null ? "" : ` Did you mean ${near}?`}`;
}
