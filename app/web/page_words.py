"""The words of the pages around chat and review, in both languages."""

from __future__ import annotations

from typing import Final

from ingest.schema import Language, Text

PAGE_WORDS: Final[dict[str, Text]] = {
    # Navigation
    "chat": Text(en="Chat", es="Chat"),
    "history": Text(en="History", es="Historial"),
    "brief": Text(en="Project brief", es="Ficha del proyecto"),
    "review": Text(en="Document review", es="Revisión de documentos"),
    "knowledge": Text(en="Knowledge", es="Conocimiento"),
    "documents": Text(en="Your documents", es="Tus documentos"),
    "status": Text(en="Settings and status", es="Ajustes y estado"),
    "language": Text(en="Language", es="Idioma"),
    "unexpected": Text(
        en="Something went wrong on our side. Try again; if it happens twice, reload the page.",
        es="Algo ha fallado por nuestra parte. Vuelve a intentarlo; si se repite, recarga la "
        "página.",
    ),
    "warming": Text(
        en="Preparing the model and the index. This takes a few seconds the first time.",
        es="Preparando el modelo y el índice. La primera vez tarda unos segundos.",
    ),
    # Knowledge
    "knowledge_intro": Text(
        en="{entries} entries on machine learning in production, each with its sources and the "
        "date of its last review.",
        es="{entries} entradas sobre machine learning en producción, cada una con sus fuentes y la "
        "fecha de su última revisión.",
    ),
    "view": Text(en="View", es="Vista"),
    "view_search": Text(en="Search", es="Buscar"),
    "view_map": Text(en="Map of topics", es="Mapa de temas"),
    "view_retired": Text(en="Retired and replaced", es="Retirado y sustituido"),
    "search_entries": Text(en="Search the knowledge", es="Busca en el conocimiento"),
    "search_entries_hint": Text(
        en="A tool, a symptom, an acronym…", es="Una herramienta, un síntoma, unas siglas…"
    ),
    "area": Text(en="Area", es="Área"),
    "kind": Text(en="Kind", es="Tipo"),
    "status_of_entry": Text(en="Status", es="Estado"),
    "role": Text(en="Role", es="Rol"),
    "situation": Text(en="Situation", es="Situación"),
    "any": Text(en="Any", es="Cualquiera"),
    "found": Text(en="{count} entries", es="{count} entradas"),
    "found_one": Text(en="1 entry", es="1 entrada"),
    "found_none": Text(
        en="No entry fits. Take a filter away or use other words.",
        es="Ninguna entrada encaja. Quita algún filtro o prueba con otras palabras.",
    ),
    "by_meaning_later": Text(
        en="Searching names and summaries; by meaning as well in a moment.",
        es="De momento se buscan nombres y resúmenes; enseguida, también por significado.",
    ),
    "map_intro": Text(
        en="Everything that the knowledge covers, by area. Choose a topic to read it.",
        es="Todo lo que cubre el conocimiento, por áreas. Elige un tema para leerlo.",
    ),
    "retired_intro": Text(
        en="What has been archived, renamed or superseded, or is only maintained, and what to use "
        "in its place.",
        es="Lo que se ha archivado, cambió de nombre, quedó superado o solo se mantiene, y qué "
        "usar en su lugar.",
    ),
    "successor": Text(en="In its place", es="En su lugar"),
    "no_successor": Text(en="No direct replacement", es="Sin sustituto directo"),
    # Entry
    "all_entries": Text(en="All entries", es="Todas las entradas"),
    "reviewed": Text(en="Reviewed on {date}", es="Revisada el {date}"),
    "reading_language": Text(en="Language of the entry", es="Idioma de la entrada"),
    "contents": Text(en="Contents", es="Contenido"),
    "sources": Text(en="Sources", es="Fuentes"),
    "related": Text(en="Related entries", es="Entradas relacionadas"),
    "linked_from": Text(en="Entries that refer to this one", es="Entradas que remiten a esta"),
    "also_called": Text(en="Also called: {names}", es="También llamado: {names}"),
    "download_entry": Text(en="Download entry (Markdown)", es="Descargar entrada (Markdown)"),
    "no_entry": Text(
        en="There is no entry “{entry}”. It may have been renamed: search for it below.",
        es="No existe la entrada «{entry}». Quizá cambió de nombre: búscala aquí abajo.",
    ),
    "useful_for": Text(en="Useful for", es="Útil para"),
    # Project brief
    "brief_intro": Text(
        en="Describe the project once. The chat and the review read the brief of the project that "
        "you work on; the more it says, the better the answers fit.",
        es="Describe el proyecto una vez. El chat y la revisión leen la ficha del proyecto en el "
        "que trabajas; cuanto más diga, mejor se ajustan las respuestas.",
    ),
    "which_project": Text(en="Project", es="Proyecto"),
    "new_project": Text(en="New project", es="Proyecto nuevo"),
    "in_use": Text(
        en="Use this project in chat and review", es="Usar este proyecto en el chat y la revisión"
    ),
    "name": Text(en="Name", es="Nombre"),
    "name_hint": Text(en="Churn scoring", es="Predicción de bajas"),
    "context": Text(en="Context", es="Contexto"),
    "requirements": Text(en="Technical requirements", es="Requisitos técnicos"),
    "save": Text(en="Save brief", es="Guardar ficha"),
    "saved": Text(en="Saved: {name}", es="Guardado: {name}"),
    "unsaved_hint": Text(
        en="Fields may stay empty while something is not known.",
        es="Puedes dejar campos vacíos mientras algo no se sepa.",
    ),
    "download_brief": Text(en="Download (Markdown)", es="Descargar (Markdown)"),
    "delete_project": Text(en="Delete project", es="Eliminar proyecto"),
    "delete_project_sure": Text(
        en="“{name}” is deleted for good, with its brief and the state of its deliverables.",
        es="«{name}» se elimina para siempre, con su ficha y el estado de sus entregables.",
    ),
    "delete_yes": Text(en="Delete", es="Eliminar"),
    "keep": Text(en="Keep it", es="Conservarlo"),
    "project_deleted": Text(en="Deleted: {name}", es="Eliminado: {name}"),
    "deliverables": Text(en="Deliverables", es="Entregables"),
    "deliverables_intro": Text(
        en="How far each of the six is, and what shows it: a link, a file, a sentence.",
        es="Cómo va cada uno de los seis y qué lo demuestra: un enlace, un archivo, una frase.",
    ),
    "deliverables_done": Text(
        en="{done} of {total} needed are done", es="{done} de los {total} necesarios, hechos"
    ),
    "deliverables_none": Text(en="None of the six is needed", es="No hace falta ninguno"),
    "deliverables_later": Text(
        en="Save the brief first; then its deliverables can be tracked here.",
        es="Guarda primero la ficha; después podrás seguir aquí sus entregables.",
    ),
    "state_of": Text(en="State of {name}", es="Estado de {name}"),
    "evidence_of": Text(en="Evidence for {name}", es="Evidencia de {name}"),
    "evidence_hint": Text(
        en="docs/architecture.md, a link, who reviewed it…",
        es="docs/arquitectura.md, un enlace, quién lo revisó…",
    ),
    # History
    "history_intro": Text(
        en="Your conversations. The search reads titles, questions and answers.",
        es="Tus conversaciones. La búsqueda lee títulos, preguntas y respuestas.",
    ),
    "search_history": Text(en="Search your conversations", es="Busca en tus conversaciones"),
    "search_history_hint": Text(
        en="Words that were asked or answered…", es="Palabras que preguntaste o leíste…"
    ),
    "no_conversations": Text(
        en="There is no conversation yet. Ask something in the chat and it will appear here.",
        es="Aún no hay conversaciones. Pregunta algo en el chat y aparecerá aquí.",
    ),
    "no_conversation_found": Text(
        en="No conversation holds these words. Try fewer or other ones.",
        es="Ninguna conversación contiene esas palabras. Prueba con menos o con otras.",
    ),
    "to_chat": Text(en="Go to the chat", es="Ir al chat"),
    "turns": Text(en="{count} questions", es="{count} preguntas"),
    "turns_one": Text(en="1 question", es="1 pregunta"),
    "pinned": Text(en="Pinned", es="Fijada"),
    "pin": Text(en="Pin", es="Fijar"),
    "unpin": Text(en="Unpin", es="Dejar de fijar"),
    "rename": Text(en="Rename", es="Cambiar nombre"),
    "export": Text(en="Export and share", es="Exportar y compartir"),
    "delete": Text(en="Delete", es="Eliminar"),
    "actions": Text(en="Actions", es="Acciones"),
    "title": Text(en="Title", es="Título"),
    "save_title": Text(en="Save", es="Guardar"),
    "deleted": Text(en="Deleted: {title}", es="Eliminada: {title}"),
    "undo": Text(en="Undo", es="Deshacer"),
    "bin": Text(en="Deleted conversations ({count})", es="Conversaciones eliminadas ({count})"),
    "bin_intro": Text(
        en="They are kept for {days} days, then removed for good.",
        es="Se conservan {days} días y después se borran para siempre.",
    ),
    "restore": Text(en="Restore", es="Recuperar"),
    "purge": Text(en="Delete for good", es="Borrar para siempre"),
    "deleted_on": Text(en="deleted on {date}", es="eliminada el {date}"),
    "export_intro": Text(
        en="The Markdown has every citation, quote and tick. The page to share is one read-only "
        "file that any browser opens; it holds no script and fetches nothing.",
        es="El Markdown lleva todas las citas, los textos citados y las marcas. La página para "
        "compartir es un solo archivo de solo lectura que abre cualquier navegador; no contiene "
        "scripts ni descarga nada.",
    ),
    "export_markdown": Text(en="Markdown", es="Markdown"),
    "export_page": Text(en="Page to share (HTML)", es="Página para compartir (HTML)"),
    "more": Text(en="Show more", es="Mostrar más"),
    "ownerless": Text(
        en="{count} conversations of the command line or an earlier version belong to nobody yet.",
        es="{count} conversaciones de la línea de comandos o de una versión anterior aún no son "
        "de nadie.",
    ),
    "adopt": Text(en="Bring them here", es="Traerlas aquí"),
    # Your documents
    "documents_intro": Text(
        en="Add your own documents and the chat will answer from them too, with the page and line "
        "of each quote. They are searched for you alone.",
        es="Añade tus documentos y el chat responderá también con ellos, con la página y la línea "
        "de cada cita. Solo se buscan para ti.",
    ),
    "documents_whose": Text(
        en="Yours are the collections added while you are signed in, or in this browser when there "
        "is no sign-in. Whoever runs this installation can read its disk.",
        es="Son tuyas las colecciones que añades con tu sesión iniciada o, si no hay inicio de "
        "sesión, en este navegador. Quien administra esta instalación puede leer su disco.",
    ),
    "documents_files": Text(
        en="Files (Markdown, text, PDF, DOCX, PPTX, HTML, notebooks, configuration, code or a zip "
        "of these; 25 MB each)",
        es="Archivos (Markdown, texto, PDF, DOCX, PPTX, HTML, notebooks, configuración, código o "
        "un zip con ellos; 25 MB cada uno)",
    ),
    "collection": Text(en="Collection", es="Colección"),
    "collection_default": Text(en="my-documents", es="mis-documentos"),
    "collection_help": Text(
        en="Up to 20 small letters, digits and hyphens. A document of the same name is replaced.",
        es="Hasta 20 minúsculas, cifras y guiones. Un documento con el mismo nombre se sustituye.",
    ),
    "add": Text(en="Add documents", es="Añadir documentos"),
    "adding": Text(
        en="Reading and indexing the documents", es="Leyendo e indexando los documentos"
    ),
    "adding_more": Text(
        en="You can leave this page: it goes on.", es="Puedes salir de esta página: continúa."
    ),
    "added": Text(
        en="Added to {name}. Documents read: {documents}. Passages in all: {passages}.",
        es="Añadido a {name}. Documentos leídos: {documents}. Pasajes en total: {passages}.",
    ),
    "added_nothing": Text(
        en="None of the files could be read, so nothing was added.",
        es="No se ha podido leer ningún archivo, así que no se ha añadido nada.",
    ),
    "receipt": Text(en="What was read", es="Lo que se ha leído"),
    "text_of": Text(en="Text of {name}", es="Texto de {name}"),
    "text_cut": Text(en="The first {count} characters.", es="Los primeros {count} caracteres."),
    "understood": Text(en="Close the receipt", es="Cerrar el recibo"),
    "collections": Text(en="Your collections", es="Tus colecciones"),
    "no_collections": Text(en="You have added none yet.", es="Aún no has añadido ninguna."),
    "collection_size": Text(
        en="{name} · documents: {documents}, passages: {passages}",
        es="{name} · documentos: {documents}, pasajes: {passages}",
    ),
    "remove": Text(en="Remove", es="Quitar"),
    "removing": Text(en="Removing and indexing again", es="Quitando e indexando de nuevo"),
    "removed": Text(en="Removed: {name}", es="Quitado: {name}"),
    "shared_collections": Text(
        en="Shared by this installation", es="Compartidas por esta instalación"
    ),
    "shared_collections_intro": Text(
        en="Added with `mlexpert ingest`; everybody's answers draw on them.",
        es="Añadidas con `mlexpert ingest`; se usan en las respuestas de todos.",
    ),
    # Settings and status
    "status_intro": Text(
        en="What this installation runs with, and whether it works.",
        es="Con qué funciona esta instalación y si todo está en orden.",
    ),
    "preferences": Text(en="Your settings", es="Tus ajustes"),
    "appearance": Text(
        en="Light or dark follows your system; change it in the menu at the top right (⋮, "
        "Settings).",
        es="El modo claro u oscuro sigue a tu sistema; cámbialo en el menú de arriba a la derecha "
        "(⋮, Settings).",
    ),
    "signed_in": Text(en="Signed in as {email}", es="Sesión iniciada como {email}"),
    "not_signed_in": Text(
        en="No sign-in: this browser keeps a key of its own, and what you write belongs to it. "
        "Other browsers do not see it.",
        es="Sin inicio de sesión: este navegador guarda una clave propia y lo que escribes le "
        "pertenece. Otros navegadores no lo ven.",
    ),
    "sign_in": Text(en="Sign in", es="Iniciar sesión"),
    "sign_in_intro": Text(
        en="Sign in with your organisation's account. Your conversations, projects and documents "
        "belong to it.",
        es="Inicia sesión con la cuenta de tu organización. Tus conversaciones, proyectos y "
        "documentos van con ella.",
    ),
    "no_email": Text(
        en="Your account has no verified e-mail address, so it cannot be used here. Sign in with "
        "another one, or ask who runs your organisation's accounts.",
        es="Tu cuenta no tiene una dirección de correo verificada, así que aquí no se puede usar. "
        "Entra con otra o pregunta a quien administra las cuentas de tu organización.",
    ),
    "sign_out": Text(en="Sign out", es="Cerrar sesión"),
    "model": Text(en="Language model", es="Modelo de lenguaje"),
    "model_none": Text(
        en="None is set: answers are composed from the knowledge, word for word and without "
        "sending anything anywhere. To have them written by a model, set MLEXPERT_LLM_BASE_URL and "
        "MLEXPERT_LLM_MODEL (any OpenAI-compatible endpoint) and start again.",
        es="No hay ninguno: las respuestas se componen con el conocimiento, al pie de la letra y "
        "sin enviar nada fuera. Para que las redacte un modelo, define MLEXPERT_LLM_BASE_URL y "
        "MLEXPERT_LLM_MODEL (cualquier endpoint compatible con OpenAI) y reinicia.",
    ),
    "model_set": Text(en="{model} at {host}", es="{model} en {host}"),
    "test_model": Text(en="Test the endpoint", es="Probar el endpoint"),
    "testing": Text(en="Waiting for the endpoint", es="Esperando al endpoint"),
    "model_answers": Text(en="It answers in {ms} ms.", es="Responde en {ms} ms."),
    "search_parts": Text(en="Search and knowledge", es="Búsqueda y conocimiento"),
    "embedding": Text(en="Embedding model", es="Modelo de embeddings"),
    "embedding_value": Text(
        en="{name}, {dimension} dimensions", es="{name}, {dimension} dimensiones"
    ),
    "index_version": Text(en="Index", es="Índice"),
    "index_value": Text(
        en="version {version}, passages: {en} in English and {es} in Spanish",
        es="versión {version}, pasajes: {en} en inglés y {es} en español",
    ),
    "knowledge_version": Text(en="Knowledge", es="Conocimiento"),
    "knowledge_value": Text(
        en="version {version}, {entries} entries, last reviewed on {date}",
        es="versión {version}, {entries} entradas, última revisión el {date}",
    ),
    "storage": Text(en="Storage", es="Almacenamiento"),
    "storage_index": Text(en="Index", es="Índice"),
    "storage_models": Text(en="Models", es="Modelos"),
    "storage_database": Text(en="Conversations", es="Conversaciones"),
    "storage_free": Text(en="Free on the disk", es="Libre en el disco"),
    "storage_low": Text(
        en="Less than 500 MB are free. Free some space or set MLEXPERT_DATA_DIR to another disk.",
        es="Quedan menos de 500 MB libres. Libera espacio o pon MLEXPERT_DATA_DIR en otro disco.",
    ),
    "database_works": Text(
        en="Conversations can be read and written.",
        es="Las conversaciones se pueden leer y escribir.",
    ),
    "feedback": Text(en="What readers think", es="Qué opinan los lectores"),
    "feedback_none": Text(
        en="Nobody has rated an answer yet.", es="Nadie ha valorado aún ninguna respuesta."
    ),
    "helpful": Text(en="Helpful", es="Útiles"),
    "unhelpful": Text(en="Not helpful", es="No útiles"),
    "feedback_which": Text(en="Show", es="Mostrar"),
    "feedback_all": Text(en="All", es="Todas"),
    "feedback_replaced": Text(
        en="about an answer that was replaced", es="sobre una respuesta ya sustituida"
    ),
    "no_reason": Text(en="no reason given", es="sin motivo"),
    "about": Text(en="About", es="Acerca de"),
    "about_text": Text(
        en="ML Engineer Expert {version}, MIT licence. It answers from dated knowledge "
        "with its sources, says so when it does not know, and fetches nothing from the network.",
        es="ML Engineer Expert {version}, licencia MIT. Responde con conocimiento fechado "
        "y con sus fuentes, dice cuándo no sabe algo y no descarga nada de la red.",
    ),
    "review_it": Text(en="Review the documents", es="Revisar los documentos"),
}
BRIEF_HINTS: Final[dict[str, Text]] = {
    "task": Text(
        en="What you need to build or decide, in a few sentences.",
        es="Qué tienes que construir o decidir, en pocas frases.",
    ),
    "problem": Text(
        en="classification, regression, recommendation…",
        es="clasificación, regresión, recomendación…",
    ),
    "volume": Text(
        en="2.1 M rows, 40 GB, 5 % more a month", es="2,1 M de filas, 40 GB, un 5 % más al mes"
    ),
    "latency": Text(en="p99 below 100 ms; or nightly batch", es="p99 < 100 ms; o batch nocturno"),
    "throughput": Text(en="300 requests/s at peak", es="300 peticiones/s en hora punta"),
    "infrastructure": Text(
        en="AWS, EKS, 2 GPU; or on-premise", es="AWS, EKS, 2 GPU; o instalación propia"
    ),
    "framework": Text(en="PyTorch, scikit-learn…", es="PyTorch, scikit-learn…"),
    "target": Text(en="Kubernetes, Lambda, SageMaker…", es="Kubernetes, Lambda, SageMaker…"),
    "monitoring": Text(
        en="drift, latency, weekly AUC, cost", es="drift, latencia, AUC semanal, coste"
    ),
    "compliance": Text(en="GDPR, SOC 2, EU AI Act…", es="RGPD, SOC 2, Reglamento de IA…"),
    "notes": Text(
        en="Team, deadlines, what was tried already.", es="Equipo, plazos, qué se ha probado ya."
    ),
}


def tell(key: str, language: Language, **values: object) -> str:
    """A phrase of these pages."""
    return PAGE_WORDS[key].in_language(language).format(**values)
