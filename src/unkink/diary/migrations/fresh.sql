CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE counter (
	name VARCHAR(32) NOT NULL,
	value BIGINT NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (name)
);

CREATE TABLE person (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	name TEXT,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_person PRIMARY KEY (id),
	CONSTRAINT uq_person_seq UNIQUE (seq)
);

CREATE TABLE setting (
	person_id VARCHAR(64) NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	value JSON NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY (person_id, "key"),
	CONSTRAINT fk_setting_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE screening_draft (
	person_id VARCHAR(64) NOT NULL,
	answers JSON NOT NULL,
	details JSON NOT NULL,
	saved_at DATETIME NOT NULL,
	CONSTRAINT pk_screening_draft PRIMARY KEY (person_id),
	CONSTRAINT fk_screening_draft_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE screening (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	answers JSON NOT NULL,
	details JSON NOT NULL,
	assessment JSON NOT NULL,
	tier VARCHAR(16) NOT NULL,
	rules_version VARCHAR(64) NOT NULL,
	answered_at DATETIME NOT NULL,
	expires_at DATETIME, came_along BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_screening PRIMARY KEY (id),
	CONSTRAINT uq_screening_seq UNIQUE (seq),
	CONSTRAINT fk_screening_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE clearance (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	assessed_on DATE NOT NULL,
	gentle_ok BOOLEAN NOT NULL,
	rule_ids JSON NOT NULL,
	note_kind TEXT,
	saved_at DATETIME NOT NULL, came_along BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_clearance PRIMARY KEY (id),
	CONSTRAINT uq_clearance_seq UNIQUE (seq),
	CONSTRAINT fk_clearance_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE check_in (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	pain_now INTEGER NOT NULL,
	stiffness VARCHAR(8),
	answers JSON NOT NULL,
	places JSON NOT NULL,
	details JSON NOT NULL, utc_offset_min INTEGER DEFAULT '0' NOT NULL, came_along BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_check_in PRIMARY KEY (id),
	CONSTRAINT uq_check_in_seq UNIQUE (seq),
	CONSTRAINT fk_check_in_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE session (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	exercise_id VARCHAR(64) NOT NULL,
	variant VARCHAR(64),
	mode VARCHAR(16) NOT NULL,
	short BOOLEAN NOT NULL,
	status VARCHAR(16) NOT NULL,
	rules_version VARCHAR(64) NOT NULL,
	started_at DATETIME NOT NULL,
	ended_at DATETIME,
	seen_at DATETIME NOT NULL,
	owner VARCHAR(64) NOT NULL,
	duration_s DOUBLE NOT NULL,
	"plan" JSON NOT NULL,
	client JSON NOT NULL,
	snapshot JSON NOT NULL,
	summary JSON NOT NULL,
	held_s JSON NOT NULL,
	rolled_s DOUBLE NOT NULL,
	repetitions INTEGER NOT NULL,
	pain_before INTEGER,
	pain_during INTEGER,
	pain_after INTEGER,
	stiffness_after VARCHAR(8),
	relief VARCHAR(8),
	felt TEXT,
	signal VARCHAR(8),
	stop_rule_ids JSON NOT NULL, utc_offset_min INTEGER DEFAULT '0' NOT NULL, settled VARCHAR(16), pain_kinds JSON DEFAULT '[]' NOT NULL, deleted_at DATETIME,
	CONSTRAINT pk_session PRIMARY KEY (id),
	CONSTRAINT uq_session_seq UNIQUE (seq),
	CONSTRAINT fk_session_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_session_running ON session (person_id) WHERE status = 'running';

CREATE TABLE exercise_set (
	session_id VARCHAR(64) NOT NULL,
	idx INTEGER NOT NULL,
	set_idx INTEGER NOT NULL,
	side VARCHAR(8) NOT NULL,
	started_s DOUBLE NOT NULL,
	ended_s DOUBLE NOT NULL,
	held_s DOUBLE NOT NULL,
	rolled_s DOUBLE NOT NULL,
	repetitions INTEGER NOT NULL,
	n_faults INTEGER NOT NULL,
	details JSON NOT NULL,
	CONSTRAINT pk_exercise_set PRIMARY KEY (session_id, idx),
	CONSTRAINT fk_exercise_set_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE TABLE measurement (
	session_id VARCHAR(64) NOT NULL,
	idx INTEGER NOT NULL,
	quantity VARCHAR(64) NOT NULL,
	side VARCHAR(8) NOT NULL,
	value_deg DOUBLE,
	sd_deg DOUBLE,
	n INTEGER NOT NULL,
	measured_at DATETIME NOT NULL, reason VARCHAR(64), repeats_deg JSON DEFAULT '[]' NOT NULL,
	CONSTRAINT pk_measurement PRIMARY KEY (session_id, idx),
	CONSTRAINT fk_measurement_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_measurement_quantity ON measurement (quantity);

CREATE TABLE session_event (
	session_id VARCHAR(64) NOT NULL,
	idx INTEGER NOT NULL,
	t_s DOUBLE NOT NULL,
	kind VARCHAR(64) NOT NULL,
	payload JSON NOT NULL,
	CONSTRAINT pk_session_event PRIMARY KEY (session_id, idx),
	CONSTRAINT fk_session_event_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE TABLE recording (
	session_id VARCHAR(64) NOT NULL,
	path TEXT NOT NULL,
	started_at DATETIME NOT NULL,
	n_frames INTEGER NOT NULL,
	duration_s DOUBLE NOT NULL,
	finished BOOLEAN NOT NULL,
	CONSTRAINT pk_recording PRIMARY KEY (session_id),
	CONSTRAINT fk_recording_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE TABLE pop (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	session_id VARCHAR(64),
	at DATETIME NOT NULL,
	deliberate BOOLEAN NOT NULL,
	region VARCHAR(64), utc_offset_min INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_pop PRIMARY KEY (id),
	CONSTRAINT fk_pop_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE,
	CONSTRAINT uq_pop_seq UNIQUE (seq),
	CONSTRAINT fk_pop_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE review (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	pain_worst INTEGER,
	pain_average INTEGER,
	pain_days INTEGER,
	nights_woken INTEGER,
	sleep_disturbance INTEGER,
	stiff_mornings INTEGER,
	is_constant BOOLEAN,
	since_weeks DOUBLE,
	onset_age_years INTEGER,
	brings_on JSON NOT NULL,
	global_change INTEGER,
	activities JSON NOT NULL,
	wall_gap_cm DOUBLE,
	height_loss_cm DOUBLE,
	age_years INTEGER,
	utc_offset_min INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_review PRIMARY KEY (id),
	CONSTRAINT uq_review_seq UNIQUE (seq),
	CONSTRAINT fk_review_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE note (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	session_id VARCHAR(64),
	at DATETIME NOT NULL,
	kind VARCHAR(16) NOT NULL,
	text TEXT,
	utc_offset_min INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_note PRIMARY KEY (id),
	CONSTRAINT fk_note_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE SET NULL,
	CONSTRAINT uq_note_seq UNIQUE (seq),
	CONSTRAINT fk_note_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE referral_answer (
	id VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	person_id VARCHAR(64) NOT NULL,
	rule_id VARCHAR(8) NOT NULL,
	answer VARCHAR(16) NOT NULL,
	answered_at DATETIME NOT NULL, came_along BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_referral_answer PRIMARY KEY (id),
	CONSTRAINT uq_referral_answer_seq UNIQUE (seq),
	CONSTRAINT fk_referral_answer_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_screening_person_id ON screening (person_id, seq);

CREATE INDEX ix_clearance_person_id ON clearance (person_id, seq);

CREATE INDEX ix_check_in_person_id ON check_in (person_id, seq);

CREATE INDEX ix_session_person_id ON session (person_id, seq);

CREATE INDEX ix_pop_person_id ON pop (person_id, seq);

CREATE INDEX ix_review_person_id ON review (person_id, seq);

CREATE INDEX ix_note_person_id ON note (person_id, seq);

CREATE INDEX ix_referral_answer_person_id ON referral_answer (person_id, seq);

CREATE INDEX ix_session_event_told ON session_event (session_id) WHERE kind IN ('pain', 'symptom');

CREATE TABLE touched (
	kind VARCHAR(32) NOT NULL,
	row_id VARCHAR(64) NOT NULL,
	stand BIGINT NOT NULL,
	CONSTRAINT pk_touched PRIMARY KEY (kind, row_id)
);

CREATE INDEX ix_touched_stand ON touched (stand);

CREATE INDEX ix_session_status ON session (person_id, status);

CREATE TRIGGER unkink_touched_screening_new AFTER INSERT ON screening BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('screening', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_screening_changed AFTER UPDATE ON screening BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('screening', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_screening_moved AFTER UPDATE OF id, person_id, seq ON screening BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('screening', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_screening_gone AFTER DELETE ON screening BEGIN DELETE FROM touched WHERE kind = 'screening' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('screening', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_clearance_new AFTER INSERT ON clearance BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('clearance', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_clearance_changed AFTER UPDATE ON clearance BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('clearance', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_clearance_moved AFTER UPDATE OF id, person_id, seq ON clearance BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('clearance', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_clearance_gone AFTER DELETE ON clearance BEGIN DELETE FROM touched WHERE kind = 'clearance' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('clearance', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_check_in_new AFTER INSERT ON check_in BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('check_in', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_check_in_changed AFTER UPDATE ON check_in BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('check_in', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_check_in_moved AFTER UPDATE OF id, person_id, seq ON check_in BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('check_in', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_check_in_gone AFTER DELETE ON check_in BEGIN DELETE FROM touched WHERE kind = 'check_in' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('check_in', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_new AFTER INSERT ON session BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_changed AFTER UPDATE ON session BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_moved AFTER UPDATE OF id, person_id, seq ON session BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_gone AFTER DELETE ON session BEGIN DELETE FROM touched WHERE kind = 'session' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('session', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_pop_new AFTER INSERT ON pop BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('pop', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_pop_changed AFTER UPDATE ON pop BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('pop', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_pop_moved AFTER UPDATE OF id, person_id, seq ON pop BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('pop', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_pop_gone AFTER DELETE ON pop BEGIN DELETE FROM touched WHERE kind = 'pop' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('pop', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_review_new AFTER INSERT ON review BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('review', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_review_changed AFTER UPDATE ON review BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('review', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_review_moved AFTER UPDATE OF id, person_id, seq ON review BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('review', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_review_gone AFTER DELETE ON review BEGIN DELETE FROM touched WHERE kind = 'review' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('review', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_note_new AFTER INSERT ON note BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('note', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_note_changed AFTER UPDATE ON note BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('note', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_note_moved AFTER UPDATE OF id, person_id, seq ON note BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('note', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_note_gone AFTER DELETE ON note BEGIN DELETE FROM touched WHERE kind = 'note' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('note', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_referral_answer_new AFTER INSERT ON referral_answer BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('referral_answer', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_referral_answer_changed AFTER UPDATE ON referral_answer BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('referral_answer', NEW.id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_referral_answer_moved AFTER UPDATE OF id, person_id, seq ON referral_answer BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('referral_answer', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_referral_answer_gone AFTER DELETE ON referral_answer BEGIN DELETE FROM touched WHERE kind = 'referral_answer' AND row_id = OLD.id; INSERT INTO touched (kind, row_id, stand) VALUES ('referral_answer', '', (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_event_new AFTER INSERT ON session_event WHEN NEW.kind IN ('pain', 'symptom') AND EXISTS (SELECT 1 FROM session WHERE id = NEW.session_id) BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', NEW.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_event_gone AFTER DELETE ON session_event WHEN OLD.kind IN ('pain', 'symptom') AND EXISTS (SELECT 1 FROM session WHERE id = OLD.session_id) BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', OLD.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_session_event_changed AFTER UPDATE ON session_event BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', NEW.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; INSERT INTO touched (kind, row_id, stand) VALUES ('session', OLD.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_measurement_new AFTER INSERT ON measurement WHEN 1 AND EXISTS (SELECT 1 FROM session WHERE id = NEW.session_id) BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', NEW.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_measurement_gone AFTER DELETE ON measurement WHEN 1 AND EXISTS (SELECT 1 FROM session WHERE id = OLD.session_id) BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', OLD.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_measurement_changed AFTER UPDATE ON measurement BEGIN INSERT INTO touched (kind, row_id, stand) VALUES ('session', NEW.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; INSERT INTO touched (kind, row_id, stand) VALUES ('session', OLD.session_id, (SELECT value FROM counter WHERE name = 'change')) ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand; END;

CREATE TRIGGER unkink_touched_forgotten AFTER UPDATE ON counter WHEN NEW.name = 'change' BEGIN DELETE FROM touched WHERE stand < NEW.value - 500; END;

INSERT INTO alembic_version VALUES ('0006');

INSERT INTO counter VALUES ('change', 0);

INSERT INTO counter VALUES ('seq', 0);

