"""The sentences behind `bot.words.say`: key → language → text with {placeholders}."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    # answers
    "refused": {
        "tr": "Bunu kaynaklarımda bulamadım.",
        "en": "I could not find this in my sources.",
        "de": "Das habe ich in meinen Quellen nicht gefunden.",
        "ru": "Я не нашёл этого в своих источниках.",
    },
    "unsure": {
        "tr": "Emin değilim; en yakın bulduğum şu:",
        "en": "I am not sure; the closest I found is this:",
        "de": "Ich bin nicht sicher; am nächsten kommt dies:",
        "ru": "Я не уверен; ближе всего вот это:",
    },
    "disagree": {
        "tr": "Kaynaklar bu konuda birbirini tutmuyor:",
        "en": "The sources disagree on this:",
        "de": "Die Quellen widersprechen sich hier:",
        "ru": "Источники здесь расходятся:",
    },
    "unsure_because": {
        "tr": "Emin değilim ({reasons}); en yakın bulduğum şu:",
        "en": "I am not sure ({reasons}); the closest I found is this:",
        "de": "Ich bin nicht sicher ({reasons}); am nächsten kommt dies:",
        "ru": "Я не уверен ({reasons}); ближе всего вот это:",
    },
    "written_from": {
        "tr": "Bunu bir dil modeli yazdı; şunlara dayanıyor:",
        "en": "A language model wrote this; it rests on:",
        "de": "Das hat ein Sprachmodell geschrieben; es beruht auf:",
        "ru": "Это написала языковая модель; она опирается на:",
    },
    "read_as": {
        "tr": "Böyle okudum: {words}",
        "en": "I read it as: {words}",
        "de": "So gelesen: {words}",
        "ru": "Я прочитал так: {words}",
    },
    "paragraph": {
        "tr": "paragraf {number}",
        "en": "paragraph {number}",
        "de": "Absatz {number}",
        "ru": "абзац {number}",
    },
    "also": {
        "tr": "aynısı: {names}",
        "en": "also in: {names}",
        "de": "auch in: {names}",
        "ru": "также в: {names}",
    },
    "page": {
        "tr": "sayfa {number}",
        "en": "page {number}",
        "de": "Seite {number}",
        "ru": "страница {number}",
    },
    "nearest": {
        "tr": "En yakın bölümler (yanıt olmayabilir):",
        "en": "Nearest passages (they may not answer it):",
        "de": "Nächstliegende Stellen (vielleicht keine Antwort):",
        "ru": "Ближайшие фрагменты (возможно, не ответ):",
    },
    "further": {
        "tr": "Başka bölümler:",
        "en": "Further passages:",
        "de": "Weitere Stellen:",
        "ru": "Другие фрагменты:",
    },
    # buttons
    "button_source": {
        "tr": "Kaynak {number}",
        "en": "Source {number}",
        "de": "Quelle {number}",
        "ru": "Источник {number}",
    },
    "button_more": {"tr": "Daha fazla", "en": "More", "de": "Mehr", "ru": "Ещё"},
    "button_nearest": {
        "tr": "En yakın bölümler",
        "en": "Nearest passages",
        "de": "Nächste Stellen",
        "ru": "Ближайшие фрагменты",
    },
    "button_back": {"tr": "← Yanıt", "en": "← Answer", "de": "← Antwort", "ru": "← Ответ"},
    "button_wrong": {
        "tr": "Yanlış kaynak",
        "en": "Wrong source",
        "de": "Falsche Quelle",
        "ru": "Не тот источник",
    },
    "button_delete": {
        "tr": "Sil: {name}",
        "en": "Delete: {name}",
        "de": "Löschen: {name}",
        "ru": "Удалить: {name}",
    },
    "button_yes_delete": {
        "tr": "Evet, sil",
        "en": "Yes, delete",
        "de": "Ja, löschen",
        "ru": "Да, удалить",
    },
    "button_yes_replace": {
        "tr": "Evet, değiştir",
        "en": "Yes, replace",
        "de": "Ja, ersetzen",
        "ru": "Да, заменить",
    },
    "button_cancel": {"tr": "Vazgeç", "en": "Cancel", "de": "Abbrechen", "ru": "Отмена"},
    "button_pair": {
        "tr": "Önce tanışalım",
        "en": "Let us meet first",
        "de": "Erst kennenlernen",
        "ru": "Сначала познакомимся",
    },
    "thanks_feedback": {
        "tr": "Teşekkürler, not ettim.",
        "en": "Thank you, noted.",
        "de": "Danke, notiert.",
        "ru": "Спасибо, записал.",
    },
    "passage_gone": {
        "tr": "Bu yanıt eski bir dizinden: o paragraf artık kaynaklarda yok ya da değişti. "
        "Soruyu yeniden sorun.",
        "en": "This answer is from an older index: that paragraph is gone from the sources or has "
        "changed. Please ask again.",
        "de": "Diese Antwort stammt aus einem älteren Index: Der Absatz fehlt in den Quellen oder "
        "wurde geändert. Bitte noch einmal fragen.",
        "ru": "Этот ответ из старого индекса: абзаца больше нет в источниках или он изменился. "
        "Спросите ещё раз.",
    },
    "index_changed": {
        "tr": "Dizin bu yanıttan sonra yenilendi. Soruyu yeniden sorun.",
        "en": "The index was renewed after this answer. Please ask again.",
        "de": "Der Index wurde nach dieser Antwort erneuert. Bitte noch einmal fragen.",
        "ru": "Индекс обновился после этого ответа. Спросите ещё раз.",
    },
    "answer_gone": {
        "tr": "Bu yanıtı artık saklamıyorum. Soruyu yeniden sorun.",
        "en": "I no longer keep this answer. Please ask again.",
        "de": "Diese Antwort habe ich nicht mehr. Bitte noch einmal fragen.",
        "ru": "Я больше не храню этот ответ. Спросите ещё раз.",
    },
    "no_more": {
        "tr": "Başka bölüm yok.",
        "en": "There are no further passages.",
        "de": "Keine weiteren Stellen.",
        "ru": "Больше фрагментов нет.",
    },
    "not_your_button": {
        "tr": "Bu düğmeler soruyu soran kişi içindir; kendi sorunuzu sorun.",
        "en": "These buttons are for the person who asked; please ask your own question.",
        "de": "Diese Knöpfe sind für die fragende Person; bitte selbst fragen.",
        "ru": "Эти кнопки для того, кто спросил; задайте свой вопрос.",
    },
    "unknown_button": {
        "tr": "Bu düğmeyi tanımıyorum.",
        "en": "I do not know this button.",
        "de": "Diesen Knopf kenne ich nicht.",
        "ru": "Я не знаю этой кнопки.",
    },
    # first words and help
    "start": {
        "tr": "Merhaba! Bana kaynaklarımdaki bir şeyi sorun: yanıtı kelimesi kelimesine, "
        "kaynağıyla birlikte veririm. Bulamazsam bulamadım derim.\n\n"
        "Kaynaklarımı görmek için /kaynaklar, yardım için /yardim.",
        "en": "Hello! Ask me about something in my sources: I answer word for word and name the "
        "source. Where I find nothing, I say so.\n\n"
        "/sources lists my sources, /help helps.",
        "de": "Hallo! Fragen Sie mich etwas, das in meinen Quellen steht: Ich antworte wörtlich "
        "und nenne die Quelle. Finde ich nichts, sage ich das.\n\n"
        "/sources zeigt die Quellen, /help hilft.",
        "ru": "Здравствуйте! Спросите о том, что есть в моих источниках: я отвечу дословно и "
        "назову источник. Если не найду, так и скажу.\n\n"
        "/sources — источники, /help — помощь.",
    },
    "help": {
        "tr": "Sorunuzu yazın, yeter. Türkçe harf kullanmasanız da, başka bir dilde sorsanız da "
        "anlarım. Art arda sorabilirsiniz: “Peki ne zaman?”\n\n"
        "/sor soru — gruplarda böyle, beni anarak ya da bana yanıt vererek sorun\n"
        "/kaynaklar — kaynaklarım\n"
        "/yeni — konuşmayı unut\n"
        "/dil — dil seç\n"
        "/gizlilik — ne saklıyorum",
        "en": "Just type your question, in any language. You can follow up: “And when?”\n\n"
        "/ask question — in groups ask like this, mention me or reply to me\n"
        "/sources — my sources\n"
        "/new — forget the conversation\n"
        "/language — choose a language\n"
        "/privacy — what I keep",
        "de": "Schreiben Sie einfach Ihre Frage. Nachfragen geht auch: „Und wann?“\n\n"
        "/ask Frage — in Gruppen so, oder mich erwähnen, oder mir antworten\n"
        "/sources — meine Quellen\n"
        "/new — Gespräch vergessen\n"
        "/language — Sprache wählen\n"
        "/privacy — was ich speichere",
        "ru": "Просто напишите вопрос. Можно уточнять: «А когда?»\n\n"
        "/ask вопрос — так в группах, или упомяните меня, или ответьте мне\n"
        "/sources — мои источники\n"
        "/new — забыть разговор\n"
        "/language — выбрать язык\n"
        "/privacy — что я храню",
    },
    "help_admin": {
        "tr": "\n\nYönetici: /durum, /yenile; kaynak eklemek için dosya gönderin; silmek için "
        "/kaynaklar.",
        "en": "\n\nAdmin: /status, /reindex; send a file to add a source; delete in /sources.",
        "de": "\n\nVerwaltung: /status, /reindex; Datei senden fügt eine Quelle hinzu; löschen in "
        "/sources.",
        "ru": "\n\nАдминистратор: /status, /reindex; пришлите файл, чтобы добавить источник; "
        "удалить — в /sources.",
    },
    "privacy": {
        "tr": "Ne saklıyorum?\n"
        "• Soru iletiniz: yanıtlanana kadar.\n"
        "• Düğmeleri çalışsın diye soru ve yanıt: {answer_days} gün.\n"
        "• Konuşma (devam soruları için): {minutes} dakika.\n"
        "• Dil seçiminiz ve izniniz: siz ya da bot sahibi silene kadar.\n"
        "• 👍/👎 bildirimleriniz: {feedback_days} gün; kim olduğunuz yalnızca tuzlanmış bir özet "
        "olarak.\n"
        "{elsewhere} Silinmesi için bot "
        "sahibinden “danis forget {user}” çalıştırmasını isteyin.",
        "en": "What do I keep?\n"
        "• Your message: until it is answered.\n"
        "• Question and answer, so that the buttons work: {answer_days} days.\n"
        "• The conversation, for follow-ups: {minutes} minutes.\n"
        "• Your language and your admission: until you or the owner delete them.\n"
        "• Your 👍/👎: {feedback_days} days; who you are only as a salted hash.\n"
        "{elsewhere} To have it all deleted, ask the owner to run “danis forget {user}”.",
        "de": "Was speichere ich?\n"
        "• Ihre Nachricht: bis sie beantwortet ist.\n"
        "• Frage und Antwort für die Knöpfe: {answer_days} Tage.\n"
        "• Das Gespräch für Nachfragen: {minutes} Minuten.\n"
        "• Sprache und Zulassung: bis zur Löschung.\n"
        "• 👍/👎: {feedback_days} Tage; wer, nur als gesalzener Hash.\n"
        "{elsewhere} Zum Löschen bitten Sie den Betreiber um "
        "„danis forget {user}“.",
        "ru": "Что я храню?\n"
        "• Ваше сообщение: пока не отвечу.\n"
        "• Вопрос и ответ для кнопок: {answer_days} дней.\n"
        "• Разговор для уточнений: {minutes} минут.\n"
        "• Язык и допуск: пока их не удалят.\n"
        "• 👍/👎: {feedback_days} дней; кто — только в виде хеша с солью.\n"
        "{elsewhere} Чтобы удалить всё, попросите владельца выполнить "
        "«danis forget {user}».",
    },
    "nothing_sent": {
        "tr": "Hiçbir şey başka bir yere gönderilmez; yanıtlar bu makinede aranır.",
        "en": "Nothing is sent anywhere else; answers are searched on this machine.",
        "de": "Nichts wird weitergegeben; gesucht wird auf diesem Rechner.",
        "ru": "Ничего никуда не отправляется; поиск идёт на этом компьютере.",
    },
    "sent_to_model": {
        "tr": "Yanıtlar bu makinede aranır. Yanıtı yazması için soru ve bulunan parçalar bir dil "
        "modeline ({host}) gönderilir, kim olduğunuz gönderilmez.",
        "en": "Answers are searched on this machine. The question and the passages found go to a "
        "language model ({host}) that writes the answer; who you are does not.",
        "de": "Gesucht wird auf diesem Rechner. Die Frage und die gefundenen Stellen gehen an ein "
        "Sprachmodell ({host}), das die Antwort schreibt; wer Sie sind, nicht.",
        "ru": "Поиск идёт на этом компьютере. Вопрос и найденные фрагменты отправляются языковой "
        "модели ({host}), которая пишет ответ; кто вы — не отправляется.",
    },
    "new": {
        "tr": "Tamam, konuşmayı unuttum.",
        "en": "All right, the conversation is forgotten.",
        "de": "Gut, das Gespräch ist vergessen.",
        "ru": "Хорошо, разговор забыт.",
    },
    "ask_usage": {
        "tr": "Soruyu komutun ardına yazın: /sor …",
        "en": "Write the question after the command: /ask …",
        "de": "Schreiben Sie die Frage hinter den Befehl: /ask …",
        "ru": "Напишите вопрос после команды: /ask …",
    },
    "language_ask": {
        "tr": "Hangi dil?",
        "en": "Which language?",
        "de": "Welche Sprache?",
        "ru": "Какой язык?",
    },
    "language_set": {
        "tr": "Bundan böyle Türkçe konuşuyorum.",
        "en": "I will speak English from now on.",
        "de": "Ab jetzt spreche ich Deutsch.",
        "ru": "Теперь я говорю по-русски.",
    },
    "text_only": {
        "tr": "Yalnızca yazılı soruları yanıtlayabiliyorum.",
        "en": "I can answer written questions only.",
        "de": "Ich kann nur geschriebene Fragen beantworten.",
        "ru": "Я отвечаю только на письменные вопросы.",
    },
    "unknown_command": {
        "tr": "Bu komutu bilmiyorum. Bildiklerim: /yardim",
        "en": "I do not know this command. Those I know: /help",
        "de": "Diesen Befehl kenne ich nicht. Die bekannten: /help",
        "ru": "Я не знаю этой команды. Известные: /help",
    },
    "edited": {
        "tr": "Düzenlenen iletilere bakmıyorum; soruyu yeni bir ileti olarak gönderin.",
        "en": "I do not look at edited messages; please send the question as a new one.",
        "de": "Bearbeitete Nachrichten lese ich nicht; bitte neu senden.",
        "ru": "Я не читаю изменённые сообщения; отправьте вопрос заново.",
    },
    "forwarded_command": {
        "tr": "İletilmiş komutları çalıştırmıyorum; kendiniz yazın.",
        "en": "I do not run forwarded commands; please type it yourself.",
        "de": "Weitergeleitete Befehle führe ich nicht aus; bitte selbst tippen.",
        "ru": "Я не выполняю пересланные команды; введите сами.",
    },
    # access and limits
    "closed": {
        "tr": "Bu bot yalnızca izinli kişilere açık.",
        "en": "This bot is open to admitted people only.",
        "de": "Dieser Bot ist nur für zugelassene Personen.",
        "ru": "Этот бот только для допущенных.",
    },
    "closed_inline": {
        "tr": "Bu bot size kapalı",
        "en": "This bot is closed to you",
        "de": "Dieser Bot ist für Sie geschlossen",
        "ru": "Этот бот для вас закрыт",
    },
    "pair": {
        "tr": "Henüz tanışmıyoruz. Bu kodu bot sahibine iletin, o da şunu çalıştırsın:\n\n"
        "danis approve {code}\n\n"
        "Kod {minutes} dakika geçerli; onaylanınca bana yeniden yazın.",
        "en": "We have not met yet. Give this code to the owner of the bot, who runs:\n\n"
        "danis approve {code}\n\n"
        "The code is valid for {minutes} minutes; write to me again once it is approved.",
        "de": "Wir kennen uns noch nicht. Geben Sie diesen Code dem Betreiber des Bots:\n\n"
        "danis approve {code}\n\n"
        "Er gilt {minutes} Minuten; schreiben Sie mir danach wieder.",
        "ru": "Мы ещё не знакомы. Передайте этот код владельцу бота, пусть выполнит:\n\n"
        "danis approve {code}\n\n"
        "Код действует {minutes} минут; после одобрения напишите мне снова.",
    },
    "pair_privately": {
        "tr": "Henüz tanışmıyoruz; önce bana özelden yazın.",
        "en": "We have not met yet; write to me in private first.",
        "de": "Wir kennen uns noch nicht; schreiben Sie mir erst privat.",
        "ru": "Мы ещё не знакомы; сначала напишите мне лично.",
    },
    "pair_later": {
        "tr": "Şu an yeni kod veremiyorum; bir saat sonra yeniden deneyin.",
        "en": "I cannot give out a new code now; please try again in an hour.",
        "de": "Gerade gibt es keinen neuen Code; bitte in einer Stunde erneut.",
        "ru": "Сейчас нового кода нет; попробуйте через час.",
    },
    "anonymous": {
        "tr": "Adsız yazanları tanıyamıyorum; kendi adınızla sorun.",
        "en": "I cannot tell who anonymous writers are; please ask under your own name.",
        "de": "Anonyme kann ich nicht erkennen; bitte unter eigenem Namen fragen.",
        "ru": "Я не узнаю анонимов; спросите от своего имени.",
    },
    "admins_only": {
        "tr": "Bunu yalnızca yöneticiler yapabilir.",
        "en": "Only admins can do this.",
        "de": "Das dürfen nur Verwalter.",
        "ru": "Это могут только администраторы.",
    },
    "too_fast": {
        "tr": "Biraz hızlı gidiyoruz. Bir dakika sonra yeniden sorun.",
        "en": "A little too fast for me. Please ask again in a minute.",
        "de": "Etwas zu schnell für mich. Bitte in einer Minute wieder.",
        "ru": "Слишком быстро для меня. Спросите через минуту.",
    },
    "too_busy": {
        "tr": "Şu an çok soru var. Bir dakika sonra yeniden sorun.",
        "en": "There are very many questions just now. Please ask again in a minute.",
        "de": "Gerade gibt es sehr viele Fragen. Bitte in einer Minute wieder.",
        "ru": "Сейчас очень много вопросов. Спросите через минуту.",
    },
    "trouble": {
        "tr": "Şu an yanıt veremiyorum; birazdan yeniden deneyin.",
        "en": "I cannot answer just now; please try again shortly.",
        "de": "Ich kann gerade nicht antworten; bitte gleich noch einmal.",
        "ru": "Сейчас не могу ответить; попробуйте чуть позже.",
    },
    # sources
    "sources": {
        "tr": "{documents} kaynak, {passages} bölüm:",
        "en": "{documents} sources, {passages} passages:",
        "de": "{documents} Quellen, {passages} Stellen:",
        "ru": "Источников: {documents}, фрагментов: {passages}:",
    },
    "no_sources": {
        "tr": "Henüz kaynağım yok.",
        "en": "I have no sources yet.",
        "de": "Ich habe noch keine Quellen.",
        "ru": "У меня ещё нет источников.",
    },
    "delete_sure": {
        "tr": "“{name}” silinsin mi? Geri alınamaz.",
        "en": "Delete “{name}”? This cannot be undone.",
        "de": "„{name}“ löschen? Das ist endgültig.",
        "ru": "Удалить «{name}»? Это необратимо.",
    },
    "deleted": {
        "tr": "“{name}” silindi; dizin yenileniyor.",
        "en": "“{name}” is deleted; the index is being renewed.",
        "de": "„{name}“ ist gelöscht; der Index wird erneuert.",
        "ru": "«{name}» удалён; индекс обновляется.",
    },
    "delete_gone": {
        "tr": "Bu kaynak artık yok.",
        "en": "This source is no longer there.",
        "de": "Diese Quelle gibt es nicht mehr.",
        "ru": "Этого источника больше нет.",
    },
    "cancelled": {
        "tr": "Vazgeçildi, hiçbir şey değişmedi.",
        "en": "Cancelled, nothing has changed.",
        "de": "Abgebrochen, nichts wurde geändert.",
        "ru": "Отменено, ничего не изменилось.",
    },
    # uploads
    "upload_admins": {
        "tr": "Dosyaları yalnızca yöneticilerden, özel yazışmada alıyorum.",
        "en": "I take files from admins only, in a private chat.",
        "de": "Dateien nehme ich nur von Verwaltern, im privaten Chat.",
        "ru": "Файлы принимаю только от администраторов, в личном чате.",
    },
    "upload_kind": {
        "tr": "Bu tür dosyaları okuyamıyorum. Okuyabildiklerim: {kinds}.",
        "en": "I cannot read files of this kind. I can read: {kinds}.",
        "de": "Diese Art Datei kann ich nicht lesen. Lesbar sind: {kinds}.",
        "ru": "Такие файлы я не читаю. Читаю: {kinds}.",
    },
    "upload_large": {
        "tr": "Dosya çok büyük: {size} bayt, en çok {limit} bayt alabiliyorum.",
        "en": "The file is too large: {size} bytes, I take at most {limit}.",
        "de": "Die Datei ist zu groß: {size} Byte, höchstens {limit}.",
        "ru": "Файл слишком большой: {size} байт, не больше {limit}.",
    },
    "upload_bad": {
        "tr": "Dosyayı almadım. {reason}",
        "en": "I did not take the file. {reason}",
        "de": "Die Datei wurde nicht übernommen. {reason}",
        "ru": "Файл не принят. {reason}",
    },
    "upload_exists": {
        "tr": "“{name}” adında bir kaynak zaten var. Değiştirilsin mi?",
        "en": "There is a source called “{name}” already. Replace it?",
        "de": "Es gibt schon eine Quelle „{name}“. Ersetzen?",
        "ru": "Источник «{name}» уже есть. Заменить?",
    },
    "upload_stored": {
        "tr": "“{name}” alındı; dizine ekleniyor…",
        "en": "“{name}” is stored; indexing…",
        "de": "„{name}“ gespeichert; wird indexiert…",
        "ru": "«{name}» сохранён; индексируется…",
    },
    "upload_indexed": {
        "tr": "“{name}” dizine eklendi: {passages} bölüm. Örnek:\n\n{sample}",
        "en": "“{name}” is indexed: {passages} passages. A sample:\n\n{sample}",
        "de": "„{name}“ ist indexiert: {passages} Stellen. Beispiel:\n\n{sample}",
        "ru": "«{name}» проиндексирован, фрагментов: {passages}. Пример:\n\n{sample}",
    },
    # admin
    "reindex_started": {
        "tr": "Dizin yenileniyor…",
        "en": "Renewing the index…",
        "de": "Der Index wird erneuert…",
        "ru": "Индекс обновляется…",
    },
    "reindex_done": {
        "tr": "Dizin yenilendi: {documents} kaynak, {passages} bölüm, {seconds} saniye.",
        "en": "The index is renewed: {documents} sources, {passages} passages, {seconds} seconds.",
        "de": "Index erneuert: {documents} Quellen, {passages} Stellen, {seconds} Sekunden.",
        "ru": "Индекс обновлён: источников {documents}, фрагментов {passages}, {seconds} с.",
    },
    "reindex_skipped": {
        "tr": "Alınmayanlar:\n{lines}",
        "en": "Left out:\n{lines}",
        "de": "Ausgelassen:\n{lines}",
        "ru": "Пропущены:\n{lines}",
    },
    "reindex_failed": {
        "tr": "Dizin yenilenemedi; eskisi hizmette. {reason}",
        "en": "The index could not be renewed; the old one serves on. {reason}",
        "de": "Der Index konnte nicht erneuert werden; der alte bleibt. {reason}",
        "ru": "Не удалось обновить индекс; работает прежний. {reason}",
    },
    "status": {
        "tr": "Danış {release}\nModel: {model}\nDizin: {version}, {built}\n"
        "{documents} kaynak, {passages} bölüm\nYanıtlanan soru: {answered}\n"
        "Ortanca süre: {p50} ms",
        "en": "Danış {release}\nModel: {model}\nIndex: {version}, {built}\n"
        "{documents} sources, {passages} passages\nQuestions answered: {answered}\n"
        "Median time: {p50} ms",
        "de": "Danış {release}\nModell: {model}\nIndex: {version}, {built}\n"
        "{documents} Quellen, {passages} Stellen\nBeantwortete Fragen: {answered}\n"
        "Mittlere Dauer: {p50} ms",
        "ru": "Danış {release}\nМодель: {model}\nИндекс: {version}, {built}\n"
        "Источников: {documents}, фрагментов: {passages}\nОтвечено: {answered}\n"
        "Медиана: {p50} мс",
    },
    # the owner's commands in the terminal
    "approved": {
        "tr": "{user} ({name}) artık soru sorabilir.",
        "en": "{user} ({name}) may ask now.",
        "de": "{user} ({name}) darf jetzt fragen.",
        "ru": "{user} ({name}) теперь может спрашивать.",
    },
    "wrong_code": {
        "tr": "Kod yanlış ya da süresi dolmuş: kişi bota yeniden yazıp yeni kod alsın. "
        "Çok yanlış kod denendiyse bir saat bekleyin. Bakılan yer: {place}; bot başka bir belleği "
        "kullanıyorsa bu komutu botun klasöründe çalıştırın.",
        "en": "The code is wrong or has expired: the person should write to the bot again for a "
        "new one. After many wrong codes, wait an hour. Looked in: {place}; if the bot has another "
        "memory, run this in the bot's folder.",
        "de": "Der Code ist falsch oder abgelaufen: Bitte dem Bot noch einmal schreiben. Nach "
        "vielen falschen Codes eine Stunde warten. Gesucht in: {place}; hat der Bot ein anderes "
        "Gedächtnis, diesen Befehl in seinem Ordner ausführen.",
        "ru": "Код неверен или устарел: пусть человек снова напишет боту. После многих неверных "
        "кодов подождите час. Поиск в: {place}; если память бота не там, запустите эту команду "
        "в его папке.",
    },
    "forgotten": {
        "tr": "{user} kullanıcısının izleri silindi ({rows} kayıt).",
        "en": "The traces of user {user} are removed ({rows} records).",
        "de": "Die Spuren von {user} sind gelöscht ({rows} Einträge).",
        "ru": "Следы пользователя {user} удалены (записей: {rows}).",
    },
    # descriptions of the commands
    "command_start": {"tr": "Başla", "en": "Start", "de": "Starten", "ru": "Начать"},
    "command_help": {"tr": "Yardım", "en": "Help", "de": "Hilfe", "ru": "Помощь"},
    "command_ask": {
        "tr": "Soru sor (gruplarda)",
        "en": "Ask a question (in groups)",
        "de": "Eine Frage stellen (in Gruppen)",
        "ru": "Задать вопрос (в группах)",
    },
    "command_sources": {
        "tr": "Kaynaklarım",
        "en": "My sources",
        "de": "Meine Quellen",
        "ru": "Мои источники",
    },
    "command_new": {
        "tr": "Konuşmayı unut",
        "en": "Forget the conversation",
        "de": "Gespräch vergessen",
        "ru": "Забыть разговор",
    },
    "command_language": {
        "tr": "Dil seç",
        "en": "Choose a language",
        "de": "Sprache wählen",
        "ru": "Выбрать язык",
    },
    "command_privacy": {
        "tr": "Ne saklıyorum",
        "en": "What I keep",
        "de": "Was ich speichere",
        "ru": "Что я храню",
    },
    "command_status": {
        "tr": "Durum (yönetici)",
        "en": "Status (admin)",
        "de": "Status (Verwaltung)",
        "ru": "Состояние (администратор)",
    },
    "command_reindex": {
        "tr": "Dizini yenile (yönetici)",
        "en": "Renew the index (admin)",
        "de": "Index erneuern (Verwaltung)",
        "ru": "Обновить индекс (администратор)",
    },
}
