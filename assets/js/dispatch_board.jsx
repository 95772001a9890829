// The dispatch board: job cards that are dragged to drivers by mouse, touch or keyboard.
// The server decides every move; until it has answered, the card stands where it was dropped.
import { DragDropContext, Draggable, Droppable } from "@hello-pangea/dnd";
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const named = (card) => `${card.customer}, ${card.what}, ${card.when}`;

function Face({ card }) {
  return (
    <>
      <b>{card.customer}</b>
      <span>{card.what}</span>
      <span className="job-meta">
        <span className="num">{card.when}</span>
        <span className="badge" data-tone={card.status_tone}>{card.status}</span>
      </span>
      {card.note && <span className="job-note">{card.note}</span>}
    </>
  );
}

function Fixed({ card }) {
  return (
    <Link to={card.href} className="job" data-tone={card.tone} data-job={card.id}>
      <Face card={card} />
    </Link>
  );
}

function Movable({ card, index, onOpen }) {
  const open = () => onOpen(card.kind, card.id);
  return (
    <Draggable draggableId={card.id} index={index}>
      {(provided, snapshot) => (
        <div
          ref={provided.innerRef}
          {...provided.draggableProps}
          {...provided.dragHandleProps}
          className="job-holder"
          onClick={open}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !snapshot.isDragging) {
              event.preventDefault();
              open();
            }
          }}
        >
          <div className="job job-movable" data-tone={card.tone} data-job={card.id}
               data-dragging={snapshot.isDragging && !snapshot.isDropAnimating}>
            <Face card={card} />
          </div>
        </div>
      )}
    </Draggable>
  );
}

function Cards({ column, onOpen }) {
  const movable = column.cards.filter((card) => card.movable);
  return column.cards.map((card) =>
    card.movable ? (
      <Movable key={card.id} card={card} index={movable.indexOf(card)} onOpen={onOpen} />
    ) : (
      <Fixed key={card.id} card={card} />
    ),
  );
}

function Lane({ column, onOpen }) {
  const heading = useId();
  return (
    <section className="lane" aria-labelledby={heading} data-lane={column.id}>
      <h2 className="lane-head" id={heading}>
        {column.name} <span data-full={column.full}>{column.load}</span>
      </h2>
      {column.kind === "left" ? (
        <Cards column={column} onOpen={onOpen} />
      ) : (
        <Droppable droppableId={column.id}>
          {(provided, snapshot) => (
            <div ref={provided.innerRef} {...provided.droppableProps} className="lane-cards" data-over={snapshot.isDraggingOver}>
              <Cards column={column} onOpen={onOpen} />
              {provided.placeholder}
              {column.cards.length === 0 && !snapshot.isDraggingOver && <p className="lane-none">{column.none}</p>}
            </div>
          )}
        </Droppable>
      )}
    </section>
  );
}

function moved(columns, card, to) {
  return columns.map((column) => {
    const others = column.cards.filter((each) => each.id !== card.id);
    if (column.id !== to) return { ...column, cards: others };
    return { ...column, cards: [...others, card].sort((a, b) => (a.at < b.at ? -1 : 1)) };
  });
}

// The keyboard reaches only lanes in sight: keep those beside the one that was reached in sight too.
function reveal(lanes, id) {
  const lane = [...lanes.children].find((each) => each.dataset.lane === id);
  const frame = lanes.getBoundingClientRect();
  for (const beside of [lane?.previousElementSibling, lane?.nextElementSibling]) {
    if (!beside) continue;
    const { left, right } = beside.getBoundingClientRect();
    if (right > frame.right) lanes.scrollLeft += right - frame.right;
    else if (left < frame.left) lanes.scrollLeft -= frame.left - left;
  }
}

export function DispatchBoard({ columns, words, version, onGive, onOpen }) {
  const [shown, setShown] = useState(columns);
  const dragging = useRef(false);
  const lanes = useRef(null);
  const latest = useRef(columns);
  latest.current = columns;
  useEffect(() => {
    if (!dragging.current) setShown(columns);
  }, [columns, version]);

  const column = (id) => shown.find((each) => each.id === id);
  const card = (id) => shown.flatMap((each) => each.cards).find((each) => each.id === id);
  const about = ({ draggableId, destination }) => {
    const target = destination && column(destination.droppableId);
    return { job: named(card(draggableId)), driver: target?.name, load: target?.load };
  };

  function lift(start, { announce }) {
    dragging.current = true;
    announce(fill(words.lifted, about(start)));
    if (start.mode === "SNAP") reveal(lanes.current, start.source.droppableId);
  }
  function over(update, { announce }) {
    announce(fill(update.destination ? words.over : words.nowhere, about(update)));
    if (update.mode === "SNAP" && update.destination) reveal(lanes.current, update.destination.droppableId);
  }
  function drop(result, { announce }) {
    dragging.current = false;
    const { source, destination, draggableId, reason } = result;
    const goes = reason === "DROP" && destination && destination.droppableId !== source.droppableId;
    announce(fill(goes ? words.dropped : words.back, about(result)));
    const lifted = card(draggableId);
    setShown(goes ? moved(latest.current, lifted, destination.droppableId) : latest.current);
    if (goes) onGive(lifted.kind, lifted.id, lifted.driver_id, column(destination.droppableId).driver_id);
  }

  return (
    <DragDropContext onDragStart={lift} onDragUpdate={over} onDragEnd={drop} dragHandleUsageInstructions={words.how}>
      <div className="lanes" ref={lanes}>
        {shown.map((each) => (
          <Lane key={each.id} column={each} onOpen={onOpen} />
        ))}
      </div>
    </DragDropContext>
  );
}
