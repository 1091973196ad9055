/** Chat completions: forwarded to a configured server, else played from the script. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Request, Response } from "express";
import { WireError } from "../http/errors.ts";
import { sendFrames, type Frame } from "../http/event-stream.ts";
import { filler } from "../http/filler.ts";
import { errorFrame } from "../serving/error-frame.ts";
import type { SandboxState } from "../state.ts";
import { completionBody, completionFrames, usageOf } from "./completion.ts";
import { forwardChat } from "./forward.ts";
import type { Scripted } from "./script.ts";

interface ChatBody {
  model?: unknown;
  messages?: unknown;
  stream?: unknown;
  stream_options?: { include_usage?: unknown };
}

/** 400 without `messages`; 503 when nothing is queued for the scripted model. */
export async function completeChat(state: SandboxState, req: Request, res: Response): Promise<void> {
  const body = req.body as ChatBody;
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    throw new WireError(
      400,
      "BAD_REQUEST",
      "Bad request: json: field 'messages' is required for llm/v1/chat.",
    );
  }
  if (state.modelUrl) return forwardChat(state.modelUrl, req, res);
  const scripted = state.model.next(body);
  if (!scripted) throw emptyScript();
  await sleep(scripted.delay_ms ?? 0);
  if (scripted.hang) return;
  if (scripted.status && scripted.status >= 400) {
    res
      .status(scripted.status)
      .set(scripted.headers ?? {})
      .json(scripted.body ?? defaultError(scripted.status));
    return;
  }
  await play(state, scripted, req, res);
}

async function play(state: SandboxState, scripted: Scripted, req: Request, res: Response): Promise<void> {
  const body = req.body as ChatBody;
  const huge = state.faults.take("model", req, ["huge"]);
  const answer = huge ? { ...scripted, text: (scripted.text ?? "") + filler(huge) } : scripted;
  const model = typeof body.model === "string" ? body.model : "sandbox-model";
  const usage = usageOf(answer, body);
  if (body.stream !== true) {
    const whole = completionBody(answer, model, usage);
    if (scripted.cut) cutAfterHalf(res, JSON.stringify(whole));
    else res.json(whole);
    return;
  }
  const wanted = body.stream_options?.include_usage === true ? usage : null;
  const frames = [...completionFrames(answer, model, wanted)];
  const error = state.faults.take("model", req, ["error_frame"]);
  if (error) frames.splice(2, Infinity, { data: errorFrame(error) });
  if (scripted.cut) await sendFrames(res, cutFrames(frames, res));
  else await sendFrames(res, frames);
}

function* cutFrames(frames: Frame[], res: Response): Generator<Frame> {
  yield* frames.slice(0, Math.ceil(frames.length / 2));
  res.socket?.destroySoon();
}

function cutAfterHalf(res: Response, text: string): void {
  res
    .type("json")
    .set("content-length", String(text.length))
    .write(text.slice(0, text.length / 2), () => {
      res.socket?.destroySoon();
    });
}

function emptyScript(): WireError {
  const help =
    "POST answers to /_admin/model/queue, or set SANDBOX_MODEL_URL to an OpenAI-compatible server.";
  return new WireError(503, "TEMPORARILY_UNAVAILABLE", `The scripted model has no queued answer. ${help}`);
}

function defaultError(status: number) {
  const error_code = status === 429 ? "REQUEST_LIMIT_EXCEEDED" : "INTERNAL_ERROR";
  return { error_code, message: `${error_code}: queued failure.` };
}
