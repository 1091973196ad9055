/** The client's wishes in the graph's terms; what cannot be honoured is refused by name (section 2.2). */
import type { Options } from "../../nodes/state.ts";
import { RequestError } from "../errors.ts";
import type { Services } from "../exchange.ts";
import type { ComposedTurn } from "./compose-turn.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { FunctionTool } from "./tool-schema.ts";

export function turnOptions(services: Services, request: ParsedRequest, composed: ComposedTurn): Options {
  const tools = allowedTools(request);
  const schema = jsonSchemaOf(request);
  const jsonObject = request.text?.format?.type === "json_object";
  if (services.config.models.synthesizer === "none") {
    if (tools.length > 0) throw needsModel("tools");
    if (schema !== undefined || jsonObject) throw needsModel("text.format");
  }
  const instructions = [request.instructions ?? "", ...composed.instructions].filter((text) => text !== "");
  return {
    ...(instructions.length > 0 ? { instructions: instructions.join("\n\n") } : {}),
    ...defined("max_output_tokens", request.max_output_tokens),
    ...defined("temperature", request.temperature),
    ...defined("top_p", request.top_p),
    ...defined("backends", knownBackends(services, request)),
    ...defined("plan", knownPlan(services, request)),
    ...(tools.length > 0 ? { tools: tools.map(optionTool), tool_choice: toolChoice(request) } : {}),
    ...defined("json_schema", schema),
    ...(jsonObject ? { json_object: true } : {}),
    ...(composed.images.length > 0 ? { images: composed.images } : {}),
    ...(composed.toolItems.length > 0 ? { tool_items: composed.toolItems } : {}),
  };
}

function defined<K extends string, V>(key: K, value: V | null | undefined): { [key in K]?: V } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

function needsModel(param: string): RequestError {
  return new RequestError(
    "unsupported_parameter",
    `Unsupported '${param}': a model must be configured as 'models.synthesizer' first.`,
    { param },
  );
}

function allowedTools(request: ParsedRequest): FunctionTool[] {
  const tools = request.tools ?? [];
  const choice = request.tool_choice;
  if (choice === "none") return [];
  if (typeof choice !== "object" || choice === null) return tools;
  const names = choice.type === "function" ? [choice.name] : choice.tools.map((tool) => tool.name);
  const unknown = names.find((name) => !tools.some((tool) => tool.name === name));
  if (unknown !== undefined) {
    throw new RequestError("invalid_value", `Invalid 'tool_choice': no tool is named '${unknown}'.`, {
      param: "tool_choice",
    });
  }
  return tools.filter((tool) => names.includes(tool.name));
}

function toolChoice(request: ParsedRequest): NonNullable<Options["tool_choice"]> {
  const choice = request.tool_choice ?? "auto";
  if (typeof choice === "string") return choice;
  return choice.type === "function" ? { name: choice.name } : choice.mode;
}

function optionTool(tool: FunctionTool) {
  return {
    name: tool.name,
    ...(tool.description ? { description: tool.description } : {}),
    parameters: tool.parameters ?? { type: "object", properties: {} },
  };
}

function jsonSchemaOf(request: ParsedRequest): Options["json_schema"] {
  const format = request.text?.format;
  if (format?.type !== "json_schema") return undefined;
  const { name, schema } = "json_schema" in format ? format.json_schema : format;
  return { name, schema };
}

function knownBackends(services: Services, request: ParsedRequest): string[] | undefined {
  const names = request.custom_inputs?.backends ?? undefined;
  names?.forEach((name, i) => requireBackend(services, name, `custom_inputs.backends[${i}]`));
  return names;
}

function knownPlan(services: Services, request: ParsedRequest): Options["plan"] {
  const plan = request.custom_inputs?.plan ?? undefined;
  plan?.steps.forEach((step, i) =>
    requireBackend(services, step.backend, `custom_inputs.plan.steps[${i}].backend`),
  );
  const problem = plan === undefined ? undefined : services.threads?.problems(plan)[0];
  if (problem !== undefined) {
    throw new RequestError("invalid_value", `The plan cannot be run: ${problem}`, {
      param: "custom_inputs.plan",
    });
  }
  return plan;
}

function requireBackend(services: Services, name: string, param: string): void {
  if (services.orchestrator.backends.has(name)) return;
  throw new RequestError("invalid_value", `Invalid '${param}': no such backend.`, { param });
}
