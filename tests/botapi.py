"""A Bot API server on loopback, as strict as Telegram's, with faults to switch on.

    with BotApi() as api:
        start_bot(api.token, api.base_url, api.base_file_url)
        api.say("Merhaba", user=AYSE)
        print(api.wait_message(AYSE.id).text)

It runs on a thread of its own and takes any client that speaks the protocol.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import tornado.httpclient
import tornado.httpserver
import tornado.netutil
import tornado.web

from tests import botapi_rules as rules
from tests.botapi_rules import Refusal, bad
from tests.loopback import LoopbackServer

TOKEN = "123456789:AAtest-Token_of-35-letters_aaaaaaaaa"  # pragma: allowlist secret
BOT = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Danış",
    "username": "danis_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
MOST_DOWNLOAD = 20_000_000
Json = dict[str, Any]


@dataclass(frozen=True)
class User:
    """Somebody who writes to the bot."""

    id: int
    first_name: str = "Ayşe"
    language_code: str | None = "tr"
    username: str | None = None
    is_bot: bool = False

    @property
    def json(self) -> Json:
        fields = {k: v for k, v in vars(self).items() if v is not None}
        return dict(fields)


@dataclass(frozen=True)
class Chat:
    """A group, supergroup with topics, or channel."""

    id: int
    type: str = "supergroup"
    title: str = "Grup"
    is_forum: bool = False
    topics: tuple[int, ...] = ()

    @property
    def json(self) -> Json:
        fields: Json = {"id": self.id, "type": self.type, "title": self.title}
        return fields | ({"is_forum": True} if self.is_forum else {})


AYSE = User(1001)
JOHN = User(1002, "John", "en", "john")
ADMIN = User(1, "Yönetici", "tr")
GROUP = Chat(-1001234567890)
FORUM = Chat(-1009876543210, title="Forum", is_forum=True, topics=(7, 8))
CHANNEL = Chat(-1005555555555, "channel", "Kanal")


@dataclass
class Sent:
    """A message of the bot as it stands now.

    `edits` counts its changes, `edits_when_pressed` those before its last pressed button.
    """

    chat_id: int
    message_id: int
    text: str
    entities: list[Json]
    buttons: list[list[Json]]
    reply_to: int | None
    thread: int | None
    at: float
    edits: int = 0
    edits_when_pressed: int = 0

    @property
    def bold(self) -> list[str]:
        """The texts in bold."""
        raw = rules.utf16(self.text)
        return [
            raw[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")
            for e in self.entities
            if e["type"] == "bold"
        ]

    def button(self, label: str) -> str:
        """The callback data of the button whose label contains `label`."""
        for row in self.buttons:
            for button in row:
                if label in button["text"]:
                    return str(button["callback_data"])
        raise AssertionError(f"no button {label!r} in {self.labels}")

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass
class Call:
    """A request that the server accepted or refused."""

    method: str
    params: Json
    at: float
    error: Refusal | None = None


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of `methods` (all where empty; a file fetched
    is "download").

    kind: "429", "500", "502", "garbage", "cut" (breaks off before a word), "cut-ok" (after
    {"ok":true), "hang". `done`: the call takes effect all the same.
    """

    kind: str
    methods: frozenset[str] = frozenset()
    times: int = 1
    retry_after: int = 1
    done: bool = False


@dataclass
class BotApi(LoopbackServer):
    """The server; see the module's text."""

    token: str = TOKEN
    allow_http_webhook: bool = True
    updates: list[Json] = field(default_factory=list)
    messages: list[Sent] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    callbacks: dict[str, Json] = field(default_factory=dict)
    inline: dict[str, Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    chats: dict[int, Json] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)  # message ids in any chat
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)  # old chat id -> new
    port: int = 0
    on_send: Callable[[Sent], object] | None = None  # called on the server's thread

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._update_ids = itertools.count(500_000_000)
        self._ids = itertools.count(1)
        self._polling: object = None
        self._fresh = asyncio.Event()

    # -- life --------------------------------------------------------------------------------

    def handlers(self) -> list[tuple[Any, ...]]:
        return [(r"/(file/)?bot(.*?)/(.*)", _Handler, {"api": self})]

    def run(self, work: Callable[[], Any]) -> Any:
        """Runs `work` on the server's thread."""

        async def inside() -> Any:
            result = work()
            return await result if asyncio.iscoroutine(result) else result

        return asyncio.run_coroutine_threadsafe(inside(), self._loop).result(20)

    def away(self) -> None:
        """Closes the port and every connection."""

        async def close() -> None:
            self._server.stop()
            await self._server.close_all_connections()

        self.run(close)

    def back(self) -> None:
        """Opens the same port again."""
        self.run(self._listen)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file/bot"

    # -- what people do ----------------------------------------------------------------------

    def say(self, text: str, user: User = AYSE, chat: Chat | None = None, **more: Any) -> Json:
        """`user` writes to the bot, or into a chat; returns the message."""
        message = self.message(user, chat, text=text, **more)
        entities = more.get("entities", _entities(text))
        if entities:
            message["entities"] = entities
        self.push({"message": message})
        return message

    def message(self, user: User, chat: Chat | None = None, **fields: Any) -> Json:
        """A message without an update around it."""
        private: Json = {"id": user.id, "type": "private", "first_name": user.first_name}
        place = chat.json if chat else private
        self.chats[place["id"]] = {**place, "topics": chat.topics if chat else ()}
        number = next(self._ids)
        self.seen.add(number)
        topic = fields.pop("thread", None)
        message: Json = {
            "message_id": number,
            "date": int(time.time()),
            "chat": place,
            "from": user.json,
            **fields,
        }
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        return message

    def edit(self, message: Json, text: str) -> None:
        """The writer edits a message."""
        self.change(message, text=text)

    def change(self, message: Json, **fields: Any) -> None:
        """A message becomes another: its writer edits it, or a live location moves."""
        self.push({"edited_message": {**message, **fields, "edit_date": int(time.time())}})

    def upload(
        self, name: str, content: bytes, user: User = ADMIN, chat: Chat | None = None
    ) -> Json:
        """`user` sends a file."""
        number = f"file{next(self._ids)}"
        self.files[number] = content
        document = {
            "file_id": number,
            "file_unique_id": number,
            "file_name": name,
            "file_size": len(content),
        }
        message = self.message(user, chat, document=document)
        self.push({"message": message})
        return message

    def press(self, message: Sent, label: str, user: User = AYSE, data: str | None = None) -> str:
        """`user` presses a button; returns the id of the query."""
        number = str(next(self._ids))
        self.callbacks[number] = {}
        message.edits_when_pressed = message.edits
        about = {
            "message_id": message.message_id,
            "date": int(message.at),
            "chat": {k: v for k, v in self.chats[message.chat_id].items() if k != "topics"},
            "from": BOT,
            "text": message.text,
        }
        if message.thread:
            about |= {"message_thread_id": message.thread, "is_topic_message": True}
        query = {
            "id": number,
            "from": user.json,
            "message": about,
            "chat_instance": "1",
            "data": data if data is not None else message.button(label),
        }
        self.push({"callback_query": query})
        return number

    def ask_inline(self, text: str, user: User = AYSE) -> str:
        """`user` types `@bot text` somewhere; returns the id of the query."""
        number = str(next(self._ids))
        self.inline[number] = {}
        query = {"id": number, "from": user.json, "query": text, "offset": ""}
        self.push({"inline_query": query})
        return number

    def push(self, update: Json, update_id: int | None = None) -> Json:
        """An update for the bot, delivered by whichever way it chose."""
        number = next(self._update_ids) if update_id is None else update_id
        update = {"update_id": number, **update}
        self.push_at_once([update])
        if self.webhook.get("url"):
            asyncio.run_coroutine_threadsafe(self._deliver(update), self._loop)
        return update

    def push_at_once(self, updates: Sequence[Json]) -> None:
        """Numbered updates that one poll brings, in this order.

        Pushed one by one, a lower number may come when a higher one is already confirmed, and with
        it all below.
        """

        def add() -> None:
            self.updates.extend(updates)
            self._fresh.set()

        self._loop.call_soon_threadsafe(add)

    async def _deliver(self, update: Json) -> None:
        client = self._client
        headers = {"Content-Type": "application/json"}
        if self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        for pause in (0.05, 0.2, 0.5, 1.0, *[2.0] * 60):
            try:
                response = await client.fetch(
                    self.webhook["url"],
                    method="POST",
                    headers=headers,
                    body=json.dumps(update),
                    raise_error=False,
                )
                if response.code == 200:
                    with suppress(ValueError):  # delivered twice
                        self.updates.remove(update)
                    return
            except (OSError, tornado.httpclient.HTTPError):
                pass
            await asyncio.sleep(pause)

    # -- what the bot did ----------------------------------------------------------------------

    def wait(self, condition: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Waits until `condition` gives something true and returns it."""
        with self._changed:
            if not self._changed.wait_for(condition, seconds):
                raise AssertionError(
                    "nothing came of it; last calls: "
                    + "; ".join(f"{c.method} {c.error or ''}" for c in self.calls[-6:])
                )
            return condition()

    def sent_to(self, chat_id: int) -> list[Sent]:
        """The bot's messages in a chat, oldest first."""
        return [message for message in self.messages if message.chat_id == chat_id]

    def wait_message(self, chat_id: int, number: int = 1, seconds: float = 10.0) -> Sent:
        """The bot's `number`th message in a chat."""
        self.wait(lambda: len(self.sent_to(chat_id)) >= number, seconds)
        return self.sent_to(chat_id)[number - 1]

    def more_than(self, messages: int) -> bool:
        """Whether the bot has sent more messages than so many."""
        return len(self.messages) > messages

    def ask(self, text: str, user: User = AYSE, seconds: float = 10.0, **more: Any) -> Sent:
        """Asks in private and waits for the next message."""
        before = len(self.sent_to(user.id))
        self.say(text, user, **more)
        return self.wait_message(user.id, before + 1, seconds)

    def wait_edit(self, message: Sent, seconds: float = 10.0) -> Sent:
        """The message after the edit that its pressed button asked for."""
        self.wait(lambda: message.edits > message.edits_when_pressed, seconds)
        return message

    def wait_callback(self, number: str, seconds: float = 10.0) -> Json:
        """What the bot said to a pressed button."""
        return self.wait(lambda: self.callbacks[number], seconds)

    def wait_inline(self, number: str, seconds: float = 10.0) -> Json:
        """What the bot offered for an inline query."""
        return self.wait(lambda: self.inline[number], seconds)

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(call.method == method for call in self.calls)

    @property
    def rejected(self) -> list[Call]:
        """Calls that the rules refused."""
        refused = [call for call in self.calls if call.error and call.error.code == 400]
        return [call for call in refused if call.error and not call.error.parameters]

    def fail(self, kind: str, *methods: str, **more: Any) -> None:
        """Switches a fault on."""
        self.faults.append(Fault(kind, frozenset(methods), **more))

    def fault_for(self, method: str) -> Fault | None:
        """The fault that the next call of `method` meets, used up by one."""
        for fault in self.faults:
            if fault.times > 0 and (not fault.methods or method in fault.methods):
                fault.times -= 1
                return fault
        return None

    # -- the methods ---------------------------------------------------------------------------

    async def call(self, method: str, params: Json) -> Any:
        """The result of a method.

        Raises:
            Refusal: what Telegram refuses.
        """
        known = {name.removeprefix("_do_").lower(): name for name in dir(self) if "_do_" in name}
        name = known.get(method.lower())
        call = Call(method, params, time.time())
        try:
            if name is None:
                raise Refusal("Not Found: method not found", 404)
            result = getattr(self, name)(params)
            return await result if asyncio.iscoroutine(result) else result
        except Refusal as refusal:
            call.error = refusal
            raise
        finally:
            with self._changed:
                self.calls.append(call)
                self._changed.notify_all()

    def _do_getMe(self, _: Json) -> Json:
        return BOT

    async def _do_getUpdates(self, params: Json) -> list[Json]:
        if self.webhook.get("url"):
            raise Refusal(
                "Conflict: can't use getUpdates method while webhook is active; use "
                "deleteWebhook to delete the webhook first",
                409,
            )
        me = self._polling = object()
        offset = int(params.get("offset") or 0)
        limit = min(100, max(1, int(params.get("limit") or 100)))
        kinds = rules.as_json(params.get("allowed_updates") or "[]")
        ends = time.monotonic() + min(50, int(params.get("timeout") or 0))
        if offset < 0:
            self.updates[:] = self.updates[offset:]
        self.updates[:] = [u for u in self.updates if offset <= 0 or u["update_id"] >= offset]
        self._fresh.set()  # ends the poll that went on before
        while True:
            if self._polling is not me:
                raise Refusal(
                    "Conflict: terminated by other getUpdates request; make sure that only one "
                    "bot instance is running",
                    409,
                )
            found = [u for u in self.updates if not kinds or set(u) & {*kinds, "any"}]
            if found or time.monotonic() >= ends:
                self._polling = None
                return found[:limit]
            self._fresh.clear()
            try:
                await asyncio.wait_for(self._fresh.wait(), max(0.0, ends - time.monotonic()))
            except TimeoutError:
                continue

    def _do_setWebhook(self, params: Json) -> bool:
        url = params.get("url", "")
        if url and not url.startswith("https://") and not self.allow_http_webhook:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.get("secret_token", "")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.webhook = {"url": url, "secret_token": secret}
        for update in list(self.updates):
            task = asyncio.ensure_future(self._deliver(update))
            self._kept = task
        return True

    def _do_deleteWebhook(self, params: Json) -> bool:
        self.webhook = {}
        if params.get("drop_pending_updates") in (True, "true", "True"):
            self.updates.clear()
        return True

    def _chat(self, params: Json) -> Json:
        try:
            number = int(params.get("chat_id", ""))
        except ValueError:
            raise bad("chat not found") from None
        if number not in self.chats:
            raise bad("chat not found")
        if number in self.migrated:
            new = self.migrated[number]
            self.chats[new] = {**self.chats[number], "id": new, "type": "supergroup"}
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(words, 400, migrate_to_chat_id=new)
        if number in self.blocked:
            raise Refusal("Forbidden: bot was blocked by the user", 403)
        return self.chats[number]

    def _do_sendMessage(self, params: Json) -> Json:
        chat = self._chat(params)
        if params.get("parse_mode"):
            raise bad("can't parse entities: this server takes entities only")
        text, entities = rules.check_text(params.get("text"), params.get("entities"))
        buttons = rules.check_keyboard(params.get("reply_markup"))
        reply = rules.as_json(params.get("reply_parameters") or "{}")
        to = reply.get("message_id")
        if to is not None and to not in self.seen:
            if not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            to = None
        thread = params.get("message_thread_id")
        if thread is not None and int(thread) not in chat["topics"]:
            raise bad("message thread not found")
        number = next(self._ids)
        self.seen.add(number)
        sent = Sent(
            chat["id"],
            number,
            text,
            entities,
            buttons,
            to,
            int(thread) if thread is not None else None,
            time.time(),
        )
        self.messages.append(sent)
        if self.on_send:
            self.on_send(sent)
        return self._as_json(sent)

    def _as_json(self, sent: Sent) -> Json:
        return {
            "message_id": sent.message_id,
            "date": int(sent.at),
            "chat": {k: v for k, v in self.chats[sent.chat_id].items() if k != "topics"},
            "from": BOT,
            "text": sent.text,
            "entities": sent.entities,
        }

    def _do_editMessageText(self, params: Json) -> Json:
        chat = self._chat(params)
        for sent in self.messages:
            if sent.chat_id == chat["id"] and sent.message_id == int(params["message_id"]):
                break
        else:
            raise bad("message to edit not found")
        text, entities = rules.check_text(params.get("text"), params.get("entities"))
        buttons = rules.check_keyboard(params.get("reply_markup"))
        if (text, entities, buttons) == (sent.text, sent.entities, sent.buttons):
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        sent.text, sent.entities, sent.buttons = text, entities, buttons
        sent.edits += 1
        return self._as_json(sent)

    def _do_answerCallbackQuery(self, params: Json) -> bool:
        number = params.get("callback_query_id")
        if number not in self.callbacks or self.callbacks[number]:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text") or "") > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.callbacks[number] = {"text": "", **params}
        return True

    def _do_answerInlineQuery(self, params: Json) -> bool:
        number = params.get("inline_query_id")
        if number not in self.inline or self.inline[number]:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        button = rules.as_json(params.get("button") or "{}")
        start = button.get("start_parameter")
        if start is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
            raise bad("START_PARAM_INVALID")
        results = rules.check_inline_results(params.get("results"))
        self.inline[number] = {**params, "results": results, "button": button}
        return True

    def _do_sendChatAction(self, params: Json) -> bool:
        self._chat(params)
        if params.get("action") not in rules.ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def _do_setMyCommands(self, params: Json) -> bool:
        language = params.get("language_code") or ""
        self.commands[language] = rules.check_commands(params.get("commands"), language)
        return True

    def _do_getFile(self, params: Json) -> Json:
        number = params.get("file_id")
        if number not in self.files:
            raise bad("invalid file_id")
        if len(self.files[number]) > MOST_DOWNLOAD:
            raise bad("file is too big")
        return {"file_id": number, "file_unique_id": number, "file_path": f"documents/{number}"}


def _entities(text: str) -> list[Json]:
    """The entities that Telegram finds in what people write."""

    def entity(kind: str, match: re.Match[str]) -> Json:
        offset = rules.units(text[: match.start()])
        return {"type": kind, "offset": offset, "length": rules.units(match.group())}

    commands = re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@\w{5,32})?", text)
    mentions = re.finditer(r"(?<!\w)@[A-Za-z0-9_]{5,32}", text)
    found = [entity("bot_command", m) for m in commands]
    taken = {at for e in found for at in range(e["offset"], e["offset"] + e["length"])}
    found += [e for e in (entity("mention", m) for m in mentions) if e["offset"] not in taken]
    return found


class _Handler(tornado.web.RequestHandler):
    """One HTTP request."""

    def initialize(self, api: BotApi) -> None:
        self.api = api

    async def get(self, file: str | None, token: str, method: str) -> None:
        if file:
            await self._file(token, method)
        else:
            await self._answer(token, method)

    async def post(self, file: str | None, token: str, method: str) -> None:
        await self._answer(token, method)

    async def _file(self, token: str, path: str) -> None:
        fault = self.api.fault_for("download")
        if fault is not None:
            await self._fail(fault)
            return
        content = self.api.files.get(path.removeprefix("documents/"))
        if token != self.api.token or content is None:
            self.set_status(404)
            self.finish({"ok": False, "error_code": 404, "description": "Not Found"})
            return
        self.finish(content)

    async def _answer(self, token: str, method: str) -> None:
        if token != self.api.token:
            known = re.fullmatch(r"\d+:[\w-]{30,}", token)
            self._refuse(Refusal("Unauthorized", 401) if known else Refusal("Not Found", 404))
            return
        fault = self.api.fault_for(method)
        if fault is not None and not fault.done:
            await self._fail(fault)
            return
        try:
            result = await self.api.call(method, self._params())
        except Refusal as refusal:
            self._refuse(refusal)
            return
        if fault is not None:
            await self._fail(fault)
            return
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"ok": True, "result": result}))

    def _params(self) -> Json:
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            body = json.loads(self.request.body or b"{}")
            return {name: value for name, value in body.items() if value is not None}
        return {
            name: values[-1].decode("utf-8", "surrogateescape")
            for name, values in self.request.arguments.items()
        }

    def _refuse(self, refusal: Refusal) -> None:
        self.set_status(refusal.code)
        body: Json = {
            "ok": False,
            "error_code": refusal.code,
            "description": refusal.description,
        }
        if refusal.parameters:
            body["parameters"] = refusal.parameters
        self.finish(body)

    async def _fail(self, fault: Fault) -> None:
        stream = self.request.connection.stream  # type: ignore[union-attr]
        match fault.kind:
            case "429":
                wait = fault.retry_after
                words = f"Too Many Requests: retry after {wait}"
                self._refuse(Refusal(words, 429, retry_after=wait))
            case "500":
                self._refuse(Refusal("Internal Server Error", 500))
            case "502":
                self.set_status(502)
                self.finish("<html><h1>502 Bad Gateway</h1></html>")
            case "garbage":
                self.finish('{"ok":tr\x00ue, <gar')
            case "cut":
                stream.close()
            case "cut-ok":
                head = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
                await stream.write(head + b'{"ok":true,"result":{"message_id":')
                stream.close()
            case "hang":
                await asyncio.sleep(3600)


def wait_until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Waits for something that the server does not see."""
    ends = time.monotonic() + seconds
    for pause in _pauses():
        found = condition()
        if found or time.monotonic() > ends:
            assert found, "it did not happen in time"
            return found
        time.sleep(pause)
    raise AssertionError


def _pauses() -> Iterator[float]:
    yield 0.0
    while True:
        yield 0.02
