"""What the terminal says beside what it shares with Telegram: Turkish, English, German, Russian.

What is said in the question's language stands in all four, the rest in the first two.
"""

from __future__ import annotations

_WORDS: dict[str, tuple[str, ...]] = {
    # answers in the question's language
    "nearest_to_refusal": (
        "Yanıt değiller, ama konuya en yakın yerler:",
        "They are no answer, but the nearest passages are:",
        "Keine Antwort, aber am nächsten am Thema:",
        "Это не ответ, но ближе всего к теме:",
    ),
    "not_sure": ("Emin değilim:", "I am not sure:", "Ich bin nicht sicher:", "Я не уверен:"),
    "disagreement": (
        "Kaynaklar farklı söylüyor; en yenisi önce:",
        "The sources disagree; the newest first:",
        "Die Quellen widersprechen sich; die neueste zuerst:",
        "Источники расходятся; сначала самый новый:",
    ),
    "prompt": ("Sor: ", "Ask: "),
    "welcome": (
        "{documents} belge, {passages} paragraf hazır. Bir soru yazın; /yardım komutları gösterir, "
        "Tab tamamlar.",
        "{documents} documents, {passages} paragraphs ready. Type a question; /help for commands, "
        "Tab completes.",
    ),
    "no_such_source": (
        "Önceki yanıtta {number} numaralı kaynak yok.",
        "The last answer has no source number {number}.",
    ),
    "source_changed": (
        "Bu parça değişmiş ya da silinmiş; soruyu yeniden sorun.",
        "This passage was changed or removed; ask again.",
    ),
    "no_such_document": (
        "Adında ya da başlığında “{text}” geçen bir belge yok; /kaynaklar hepsini sıralar.",
        "No document has “{text}” in its name or title; /sources lists all of them.",
    ),
    "several_documents": (
        "“{text}” {count} belgede geçiyor; birini seçin:",
        "“{text}” stands in {count} documents; choose one:",
    ),
    "copied": (
        "Uçbirim izin veriyorsa panoya da kopyalandı.",
        "Copied to the clipboard too, if the terminal allows it.",
    ),
    "no_such_command": (
        "{command} komutu yok; /yardım komutları gösterir.",
        "There is no command {command}; /help lists them.",
    ),
    "interrupted": ("Yarıda kesildi.", "Interrupted."),
    "fresh": ("Yeni konuşma.", "New conversation."),
    "build_progress": (
        "{percent:3.0f} %  {passages} paragraf  {rate:.0f}/sn  kalan {left}",
        "{percent:3.0f} %  {passages} paragraphs  {rate:.0f}/s  {left} left",
    ),
    "build_unchanged": (
        "Dizin güncel: {documents} belge, {passages} paragraf ({seconds:.1f} sn).",
        "The index is up to date: {documents} documents, {passages} paragraphs ({seconds:.1f} s).",
    ),
    "build_done": (
        "Dizin hazır: {documents} belge, {passages} paragraf; {added} yeni, {changed} değişmiş, "
        "{removed} silinmiş, {renamed} adı değişmiş ({seconds:.1f} sn).",
        "The index is ready: {documents} documents, {passages} paragraphs; {added} new, "
        "{changed} changed, {removed} removed, {renamed} renamed ({seconds:.1f} s).",
    ),
    "index_sent": (
        "Sunucuya yayımlandı: {added} paragraf gönderildi, {removed} paragraf kaldırıldı.",
        "Published on the server: {added} passages sent, {removed} removed.",
    ),
    "index_copied": (
        "Kopyalandı: {passages} paragraf, sürüm {version}; hiçbir metin yeniden işlenmedi.",
        "Copied: {passages} passages, version {version}; nothing was embedded again.",
    ),
    "left_out": ("Dışarıda kaldı: {what}", "Left out: {what}"),
    "page_stored": ("{url} kaydedildi: {path}", "{url} is stored: {path}"),
    "index_later": (
        "Başka bir dizinleme sürüyor; bitince `danis index` çalıştırın.",
        "Another build is under way; run `danis index` when it has ended.",
    ),
    "feed_added": (
        "{title} izleniyor; yazılarını `danis feed refresh` ya da `danis index --watch` getirir.",
        "{title} is followed; `danis feed refresh` or `danis index --watch` fetches its entries.",
    ),
    "feed_removed": (
        "{title} artık izlenmiyor; inen yazıları {folder} klasöründe duruyor.",
        "{title} is followed no more; what was fetched stays in {folder}.",
    ),
    "no_feeds": (
        "İzlenen akış yok; `danis feed add ADRES` ekler.",
        "No feeds are followed; `danis feed add URL` adds one.",
    ),
    "feed_columns": ("adres|başlık|yazı|son bakış", "address|title|entries|last look"),
    "feed_refreshed": ("{title}: {stored} yeni yazı.", "{title}: {stored} new entries."),
    "not_fetched": ("Alınamadı: {what}", "Not fetched: {what}"),
    "watching": (
        "{folder} izleniyor; bitirmek için Ctrl-C.",
        "Watching {folder}; Ctrl-C ends it.",
    ),
    "using_older": (
        "Uyarı: son dizin bozuk, bir önceki kullanılıyor. {why}",
        "Warning: the latest index is damaged, the one before it is used. {why}",
    ),
    "not_written": (
        "Yazılı yanıt yok ({why}); alıntı gösteriliyor.",
        "No written answer ({why}); the quote is shown.",
    ),
    "without_with": ("sıralayıcısız|sıralayıcıyla", "without reranker|with it"),
    "changed_by": (
        "Sıralayıcının getirdiği (%95 aralığıyla):",
        "What the reranker changes (95 % interval):",
    ),
    "better_worse": (
        "{better} soruda daha iyi, {worse} soruda daha kötü",
        "better for {better} questions, worse for {worse}",
    ),
    "chance": ("rastlantı olabilir", "may be chance"),
    "model_columns": (
        "|model|parametre|indirme|boyut|lisans|MTEB|not",
        "|model|parameters|download|dimensions|licence|MTEB|note",
    ),
    "models_source": (
        "● kullanılıyor  ✓ bu bilgisayarda. MTEB: yayımlanan çok dilli ortalama, her tür görev "
        "üzerinden; burada ölçülmedi.\nKendi sorularınızla ölçmek için: "
        "danis models compare bundled MODEL --questions DOSYA",
        "● in use  ✓ on this machine. MTEB: the published multilingual mean over tasks of all "
        "kinds; not measured here.\nTo measure on your own questions: "
        "danis models compare bundled MODEL --questions FILE",
    ),
    "models_in_use": ("Kullanılan: {names}", "In use: {names}"),
    "needs_code": ("kendi kodunu ister: kullanılamaz", "wants its own code run: not usable"),
    "gated": (
        "önce sitesinde lisansı kabul edilir",
        "accept its licence on its site first",
    ),
    "reranks": ("sıralayıcı", "reranker"),
    "fetching": (
        "{name} indiriliyor: {files} dosya, {megabytes:.0f} MB …",
        "Fetching {name}: {files} files, {megabytes:.0f} MB …",
    ),
    "fetched": (
        "{name} hazır. Kullanmak için: EMBEDDING_MODEL={name} yapıp `danis index --rebuild` "
        "çalıştırın.",
        "{name} is here. To use it, set EMBEDDING_MODEL={name} and run `danis index --rebuild`.",
    ),
    "fetched_reranker": (
        "{name} hazır. Kullanmak için: RERANKER_MODEL={name}",
        "{name} is here. To use it, set RERANKER_MODEL={name}",
    ),
    "comparing": ("{model} ölçülüyor …", "Measuring {model} …"),
    "cost_labels": (
        "vektör boyutu|dizinleme süresi|dizinleme belleği|yanıtlama belleği|dizin boyu",
        "dimensions|build time|memory, building|memory, answering|index size",
    ),
    "second_changes": (
        "{model} modelinin getirdiği (%95 aralığıyla):",
        "What {model} changes (95 % interval):",
    ),
    "few_questions": (
        "Yalnızca {count} yanıtlı soru var: küçük farklar rastlantıdan ayrılamaz.",
        "There are only {count} questions with an answer: small differences cannot be told from "
        "chance.",
    ),
    "switch": (
        "Geçmek için: EMBEDDING_MODEL={model} yapıp `danis index --rebuild` çalıştırın "
        "({passages} paragraf için yaklaşık {seconds:.0f} sn).",
        "To switch, set EMBEDDING_MODEL={model} and run `danis index --rebuild` (about "
        "{seconds:.0f} s for these {passages} paragraphs).",
    ),
    "columns": ("dosya|başlık|tarih|paragraf|dizine alındı", "file|title|date|paragraphs|indexed"),
    "no_feedback": (
        "Henüz değerlendirme yok: Telegram'da 👍 ya da 👎 verilince dolar. Kendi sorularınızla: "
        "`danis tune DOSYA`.",
        "There is no feedback yet: it comes from 👍 and 👎 in Telegram. With questions of your "
        "own: `danis tune FILE`.",
    ),
    "tune_cases": (
        "{cases} soru: {ranked} sıralama için, {answerable} yanıtlı ve {absent} yanıtsız geri "
        "çevirme için ({seconds:.0f} sn)",
        "{cases} questions: {ranked} for the ranking, {answerable} answerable and {absent} absent "
        "ones for the refusal ({seconds:.0f} s)",
    ),
    "tune_columns": (
        "görülmemiş sorularda|önce|sonra|daha iyi olma olasılığı",
        "on unseen questions|before|after|chance of being better",
    ),
    "recall_at_1": ("R@1", "R@1"),
    "ndcg_at_10": ("nDCG@10", "nDCG@10"),
    "wrong_answers_given": ("verilen yanlış yanıt", "wrong answers given"),
    "right_answers_withheld": ("esirgenen doğru yanıt", "right answers withheld"),
    "refusal_errors": ("ikisinin ortalaması", "mean of the two"),
    "too_few_ranked": (
        "Sıralama: en az {fewest} soru gerekir; ağırlıklara dokunulmadı.",
        "Ranking: at least {fewest} questions are needed; the weights stay.",
    ),
    "too_few_refusal": (
        "Geri çevirme: en az {fewest} yanıtlı ve {fewest} yanıtsız soru gerekir; dokunulmadı.",
        "Refusal: at least {fewest} answerable and {fewest} absent questions are needed; it stays.",
    ),
    "weights_won": ("Sıralama: yeni ağırlıklar kazandı.", "Ranking: the new weights won."),
    "weights_lost": (
        "Sıralama: açık bir kazanç yok, eski ağırlıklar kaldı.",
        "Ranking: no clear gain, the old weights stay.",
    ),
    "trust_won": ("Geri çevirme: yeni eşik kazandı.", "Refusal: the new threshold won."),
    "trust_lost": (
        "Geri çevirme: açık bir kazanç yok, eski eşik kaldı.",
        "Refusal: no clear gain, the old threshold stays.",
    ),
    "tune_kept": (
        "{path} yazıldı; çalışan bir bot yeniden başlatılınca kullanır. Geri almak: "
        "`danis tune --reset`.",
        "{path} was written; a running bot uses it after a restart. To undo: `danis tune --reset`.",
    ),
    "tune_reset": ("Ayar silindi, hazır ağırlıklar geçerli.", "Removed; the shipped weights hold."),
    "tune_nothing": ("Silinecek bir ayar yok.", "Nothing was tuned."),
    "exported": (
        "{file} yazıldı ({size} MB): {documents} belge, {passages} paragraf ve botun belleği "
        "({rows} kayıt). İçinde kişisel sorular ve anahtarlar var: iyi saklayın. Belgelerin "
        "kendilerini (SEEDS_DIR) ayrıca yedekleyin.",
        "Wrote {file} ({size} MB): {documents} documents, {passages} paragraphs and the bot's "
        "memory ({rows} rows). It holds personal questions and keys: keep it safe. Back up the "
        "documents themselves (SEEDS_DIR) apart.",
    ),
    "exported_without_index": (
        "{file} yazıldı ({size} MB): botun belleği ({rows} kayıt); INDEX_DIR içinde dizin yok. "
        "İçinde kişisel sorular ve anahtarlar var: iyi saklayın.",
        "Wrote {file} ({size} MB): the bot's memory ({rows} rows); there is no index in INDEX_DIR. "
        "It holds personal questions and keys: keep it safe.",
    ),
    "imported": (
        "{file} yüklendi: {documents} belge, {passages} paragraf ve botun belleği ({rows} kayıt). "
        "Şimdi belgeleri SEEDS_DIR'e koyup `danis index` çalıştırın.",
        "Imported {file}: {documents} documents, {passages} paragraphs and the bot's memory "
        "({rows} rows). Now put the documents into SEEDS_DIR and run `danis index`.",
    ),
    "imported_without_index": (
        "{file} yüklendi: botun belleği ({rows} kayıt). Arşivde bu sürümün okuduğu bir dizin yok: "
        "`danis index` çalıştırın.",
        "Imported {file}: the bot's memory ({rows} rows). The archive has no index that this "
        "version reads: run `danis index`.",
    ),
    "unexpected": (
        "Beklenmeyen bir hata oldu ({error}). Ayrıntı için LOG_LEVEL=DEBUG ile yeniden deneyin.",
        "Something unexpected went wrong ({error}). Run again with LOG_LEVEL=DEBUG for details.",
    ),
    # why nothing that a language model wrote is shown, by index.written.Failure
    "why unreachable": ("dil modeli sunucusuna ulaşılamadı", "the model's server is not there"),
    "why refused": ("dil modeli sunucusu hata verdi", "the model's server gave an error"),
    "why timeout": ("dil modeli zamanında yanıt vermedi", "the model took too long"),
    "why busy": ("dil modeli şu an meşgul", "the model is busy"),
    "why unreadable": (
        "dil modeli sunucusunun yanıtı okunamadı",
        "what the model's server sent cannot be read",
    ),
    "why empty": ("dil modeli boş yanıt verdi", "the model wrote nothing"),
    "why nothing": (
        "dil modeli parçalarda yanıt bulamadı",
        "the model found no answer in the passages",
    ),
    "why too long": ("dil modeli çok uzun yazdı", "the model wrote too much"),
    "why link": ("dil modelinin yazdığında bağlantı var", "what the model wrote holds a link"),
    "why uncited": (
        "dil modelinin kaynak göstermediği bir cümle var",
        "the model wrote a sentence without a source",
    ),
    "why unknown citation": (
        "dil modeli olmayan bir kaynağı gösterdi",
        "the model cited a source that does not exist",
    ),
    "why unsupported": (
        "dil modelinin yazdığını kaynakları doğrulamıyor",
        "the sources do not bear out what the model wrote",
    ),
    "why changed": ("kaynak bu arada değişti", "a source changed meanwhile"),
}

TERMINAL_WORDS = {
    key: dict(zip(("tr", "en", "de", "ru"), texts, strict=False)) for key, texts in _WORDS.items()
}
